// The page: a question -> hits, asked again when the index has changed.
// Everything that comes from a repository is put in as text, never as HTML.

import { call, keyForm, make } from "/web/call.js";

const box = document.querySelector("#query");
const picker = document.querySelector("#repo");
const list = document.querySelector("#hits");
const notice = document.querySelector("#notice");
const freshness = document.querySelector("#freshness");

const TYPING_MS = 180; // a pause in typing, after which the question is asked
const LOOK_MS = 1500; // how soon a saved file shows
const FILLERS = new Set(("a an and are as at be by can do does for from how if in into is it its of on or that the their " +
  "then there this to was we what when where which who why will with you your").split(" "));

let repos = [];
let asked = 0; // the number of the newest question; answers to older ones are dropped
let shown = ""; // the question and the generations that the hits belong to

// Asking

async function ask() {
  const query = box.value.trim();
  remember(query);
  const number = ++asked;
  if (!query) { list.replaceChildren(); shown = ""; welcome(); return; }
  const chosen = picker.value ? [picker.value] : [];
  try {
    const answer = await call("/v1/search", { query, repos: chosen, limit: 12 });
    if (number !== asked) return;
    shown = stateOf(query, chosen, answer.indexes);
    show(answer);
  } catch (problem) {
    if (number === asked) explain(problem);
  }
}

function stateOf(query, chosen, indexes) {
  const about = indexes.filter((index) => !chosen.length || chosen.includes(index.repo));
  return JSON.stringify([query, chosen, about.map((index) => [index.repo, index.generation]).sort()]);
}

function remember(query) {
  const address = new URL(location);
  address.search = "";
  if (query) address.searchParams.set("q", query);
  if (picker.value) address.searchParams.set("repo", picker.value);
  history.replaceState(null, "", address);
}

// Showing

function show(answer) {
  const pattern = patternOf(answer.query);
  const several = answer.indexes.length > 1;
  const before = chosenKey();
  list.replaceChildren(...answer.hits.map((hit) => cardOf(hit, pattern, several)));
  const again = [...list.children].find((card) => card.dataset.key === before);
  if (again) choose(again, false);
  notice.hidden = answer.hits.length > 0;
  if (!answer.hits.length) {
    tell("Nothing found", "Other words may help, or another repository. A definition is found by its exact name.");
  }
}

function cardOf(hit, pattern, several) {
  const cut = hit.path.lastIndexOf("/") + 1;
  const path = make("span", "path",
    make("span", "folder", hit.path.slice(0, cut)),
    make("span", "file", hit.path.slice(cut)),
    make("span", "lines", `:${hit.start_line}-${hit.end_line}`));
  const place = make("div", "place", path,
    hit.symbol ? make("span", "symbol", hit.symbol) : null,
    make("span", "kind", hit.symbol_kind || hit.kind),
    several ? make("span", "tag", hit.repo) : null);
  const code = make("pre", "", ...highlighted(hit.text.replace(/\s+$/, ""), pattern));
  const card = make("li", "", place, code, whyOf(hit));
  if (hit.also.length) {
    const others = hit.also.map((place) => `${place.start_line}-${place.end_line}${place.symbol ? ` ${place.symbol}` : ""}`);
    card.append(make("div", "also", `also ${others.join(" · ")}`));
  }
  card.tabIndex = -1;
  card.dataset.key = `${hit.repo}/${hit.path}:${hit.symbol || hit.start_line}`;
  card.dataset.place = `${hit.path}:${hit.start_line}`;
  card.addEventListener("click", () => choose(card, false));
  requestAnimationFrame(() => toTheDefinition(card, code, hit));
  return card;
}

function whyOf(hit) {
  const why = make("div", "why", make("b", "", "why"), ...hit.reasons.map((reason) => make("span", "", reason)));
  const more = make("button", "more", "show all");
  more.type = "button";
  more.addEventListener("click", () => toggle(more.closest("li")));
  why.append(more);
  return why;
}

// The text is a whole chunk; begin where the definition does.
function toTheDefinition(card, code, hit) {
  const fits = code.scrollHeight <= code.clientHeight + 4;
  card.querySelector(".more").hidden = fits;
  if (fits || !hit.symbol) return;
  const name = `${hit.symbol.split(".").pop().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`;
  const word = "\\b(?:class|def|fn|func|fun|function|struct|interface|type|enum|trait|module|mod|const|let|var|impl)\\s";
  const lines = code.textContent.split("\n");
  const line = [`${word}+${name}`, `${word}[^=]*${name}`, name]
    .map((pattern) => lines.findIndex((text) => new RegExp(pattern).test(text))).find((found) => found >= 0) ?? 0;
  const edge = parseFloat(getComputedStyle(code).paddingTop);
  code.scrollTop = (line / lines.length) * (code.scrollHeight - 2 * edge);
}

function toggle(card) {
  const code = card.querySelector("pre");
  const whole = code.classList.toggle("whole");
  card.querySelector(".more").textContent = whole ? "show less" : "show all";
}

function highlighted(text, pattern) {
  if (!pattern) return [text];
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    parts.push(make("mark", "", found[0]));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

function patternOf(question) {
  const words = (question.match(/[\p{L}\p{N}_]+/gu) || [])
    .filter((word) => word.length > 1 && !FILLERS.has(word.toLowerCase()));
  const stems = words.map((word) => word.replace(/(ing|ies|ed|es|s)$/i, (end) => (word.length - end.length >= 4 ? "" : end)));
  const all = [...new Set([...words, ...stems])].sort((a, b) => b.length - a.length);
  return all.length ? new RegExp(all.join("|"), "giu") : null; // words hold no character with a meaning here
}

// Telling

function tell(title, ...lines) {
  notice.replaceChildren(make("h2", "", title), ...lines.map((line) => (line.nodeType ? line : make("p", "", line))));
  notice.hidden = false;
}

function welcome() {
  if (!repos.length) {
    tell("Nothing is indexed yet", make("p", "", "Index a repository, and it appears here: ", make("code", "", "cairn index /path/to/repository")));
  } else {
    tell("Ask the code", "“where do we retry failed payments?”, or the name of a definition: Client.charge");
  }
}

function explain(problem) {
  list.replaceChildren();
  shown = "";
  if (problem.status === 401) { askForKey(); return; }
  if (problem.status === undefined) {
    tell("The server does not answer", make("p", "", "Start it again with ", make("code", "", "cairn serve"), "; this page goes on by itself."));
    return;
  }
  tell("That did not work", problem.message);
}

function askForKey() {
  if (notice.querySelector("input")) return;
  const form = keyForm(() => { notice.replaceChildren(); look(); });
  tell("This server wants its key", "It is the value of CAIRN_API_KEY. This tab forgets it when it is closed.", form);
  form.querySelector("input").focus();
}

function tellFreshness() {
  const about = repos.filter((repo) => !picker.value || repo.name === picker.value);
  const busy = about.some((repo) => repo.pending || !repo.complete);
  const dot = make("span", busy ? "dot busy" : "dot", "● ");
  const said = about.length === 1 ? freshnessOf(about[0]) : `${about.length} repositories${busy ? ", being indexed" : ", up to date"}`;
  freshness.replaceChildren(...(about.length ? [dot, said] : []));
}

function freshnessOf(repo) {
  const parts = [repo.name, `generation ${repo.generation}`];
  if (repo.commit) parts.push(`commit ${repo.commit.slice(0, 8)}`);
  if (!repo.complete) parts.push("being indexed");
  else parts.push(repo.pending ? `${repo.pending} changes pending` : "up to date");
  if (repo.problem) parts.push(repo.problem);
  else if (repo.watching) parts.push("follows your changes");
  return parts.join(" · ");
}

// Looking: the answer changes with the files

async function look() {
  if (document.hidden) return;
  try {
    const wasEmpty = !repos.length;
    repos = (await call("/v1/repos")).repos;
    offer();
    tellFreshness();
    const chosen = picker.value ? [picker.value] : [];
    const query = box.value.trim();
    const indexes = repos.map((repo) => ({ repo: repo.name, generation: repo.generation }));
    if (query && shown !== stateOf(query, chosen, indexes) && document.activeElement !== picker) await ask();
    else if (!query && (wasEmpty || !repos.length || notice.hidden || notice.querySelector("input"))) welcome();
  } catch (problem) {
    freshness.replaceChildren();
    explain(problem);
  }
}

function offer() {
  const names = repos.map((repo) => repo.name);
  if (names.join("\n") === [...picker.options].slice(1).map((option) => option.value).join("\n")) return;
  const wanted = picker.value || new URLSearchParams(location.search).get("repo") || "";
  picker.replaceChildren(new Option("All repositories", ""), ...names.map((name) => new Option(name, name)));
  picker.value = names.includes(wanted) ? wanted : "";
}

// Keys

function chosenKey() {
  const card = list.querySelector(".chosen");
  return card ? card.dataset.key : null;
}

function choose(card, move = true) {
  list.querySelectorAll(".chosen").forEach((other) => other.classList.remove("chosen"));
  if (!card) return;
  card.classList.add("chosen");
  if (move) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest" }); }
}

function step(by) {
  const cards = [...list.children];
  const at = cards.findIndex((card) => card.classList.contains("chosen"));
  if (at + by < 0) { choose(null); box.focus(); window.scrollTo({ top: 0 }); return; }
  choose(cards[Math.min(at + by, cards.length - 1)]);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select");
  const card = list.querySelector(".chosen");
  if (event.key === "/" && !typing) { event.preventDefault(); box.focus(); box.select(); }
  else if (event.target.matches("select, #notice input")) return;
  else if (event.key === "ArrowDown") { event.preventDefault(); step(1); }
  else if (event.key === "ArrowUp" && !typing) { event.preventDefault(); step(-1); }
  else if (event.key === "Escape" && !typing) { choose(null); box.focus(); }
  else if (event.key === "Enter" && !typing && card) toggle(card);
  else if (event.key === "c" && !typing && card) navigator.clipboard?.writeText(card.dataset.place);
});

let typing;
box.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(ask, TYPING_MS); });
picker.addEventListener("change", () => { tellFreshness(); ask(); });
document.querySelector("#ask").addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typing); ask(); });
document.addEventListener("visibilitychange", look);

box.value = new URLSearchParams(location.search).get("q") || "";
await look();
setInterval(look, LOOK_MS);
