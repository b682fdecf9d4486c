// The page of the agent's runs: the list, or one run as it goes on, with what a person can decide.
// Everything that comes from a repository, a model or a task is put in as text, never as HTML.

import { Problem, call, headers, keyForm, make } from "/web/call.js";

const at = (id) => document.querySelector(`#${id}`);
const LIST_MS = 2000; // how soon a new run shows in the list
const AGAIN_MS = 1500; // before a stream that ended is opened again
const LINES = 3000; // of a diff; `cairn runs RUN_ID --diff` prints all
const LETTERS = 400; // of one event
const RESTING = ["awaiting_approval", "escalated", "finished", "failed", "cancelled", "rejected"];

const chosen = new URLSearchParams(location.search).get("id");
let last = 0; // the number of the newest event that is shown
let plan = null; // as it was proposed or edited
let steps = []; // of the plan: {text, status}
let drawn = ""; // the state that the upper part of the page was drawn for

// The list

async function list() {
  if (document.hidden) return;
  const { tasks } = await call("/v1/tasks?limit=100");
  at("runs").replaceChildren(...tasks.map(cardOf));
  at("runs").hidden = !tasks.length;
  at("state").textContent = tasks.length ? `${tasks.length} runs, the newest first` : "";
  if (tasks.length) at("notice").hidden = true;
  else tell("No task was run yet", "Begin one: ", make("code", "", 'cairn run "add a payment retry mechanism"'));
}

function cardOf(run) {
  const link = make("a", "", run.task.trim() || run.id);
  link.href = `/runs?id=${encodeURIComponent(run.id)}`;
  return make("li", "", stateOf(run), link, make("span", "soft", `${run.repo} · ${timeOf(run.updated)} · ${run.id}`));
}

function stateOf(run) {
  const state = run.interrupted ? "interrupted" : run.status;
  return make("span", `state ${state}`, state.replace("_", " "));
}

function timeOf(stamp) {
  const time = new Date(stamp);
  return Number.isNaN(time.getTime()) ? stamp : time.toLocaleString();
}

// One run

async function show() {
  const run = await call(`/v1/tasks/${encodeURIComponent(chosen)}`);
  document.title = `${run.status.replace("_", " ")} · ${run.task.slice(0, 60)} · Cairn`;
  at("run").hidden = false;
  const now = JSON.stringify([run.status, run.interrupted, run.gate, run.commit, run.request]);
  if (now === drawn) return run;
  drawn = now;
  at("state").replaceChildren(stateOf(run), ` ${run.repo} · ${run.model} · ${run.id}`);
  at("head").replaceChildren(make("h1", "", run.task.slice(0, 2000)));
  if (run.summary) at("head").append(make("p", "summary", run.summary));
  decide(run);
  if (RESTING.includes(run.status)) await result(run);
  return run;
}

async function result(run) {
  const outcome = await call(`/v1/tasks/${encodeURIComponent(run.id)}/outcome`);
  const facts = make("dl");
  const fact = (name, value) => { if (value) facts.append(make("dt", "", name), make("dd", "", value)); };
  fact("tests before", outcome.tests_before);
  fact("tests after", outcome.tests_after);
  fact("fails on the old code, passes now", outcome.proof.join(", "));
  outcome.notes.forEach((note) => fact("note", note));
  outcome.suggestions.forEach((one) => fact(one.place, `${one.title} (${one.why})`));
  fact("branch", outcome.branch);
  fact("commit", outcome.commit);
  fact("request", run.request);
  const spent = outcome.spent;
  fact("used", `${spent.steps} steps, ${spent.input_tokens} tokens read, ${spent.output_tokens} written, ` +
    `${spent.cycles} ${spent.cycles === 1 ? "attempt" : "attempts"}, ${spent.seconds} s${spent.dollars === null ? "" : `, $${spent.dollars.toFixed(2)}`}`);
  at("result").replaceChildren(...(outcome.scripted ? [make("p", "soft", "A scripted demonstration: no model thought here.")] : []), facts);
  at("result").hidden = false;
  at("change").replaceChildren(make("h2", "", "The change"), diffOf(outcome.diff));
  at("change").hidden = !outcome.diff;
}

function diffOf(text) {
  const rows = text.split("\n");
  const kinds = { "+": "added", "-": "removed", "@": "hunk" };
  const shown = rows.slice(0, LINES).map((row) => make("span", /^(diff|---|\+\+\+|index)/.test(row) ? "file" : kinds[row[0]] || "", `${row}\n`));
  if (rows.length > LINES) shown.push(`… and ${rows.length - LINES} more lines`);
  return make("pre", "whole diff", ...shown);
}

// What a person can decide

function decide(run) {
  const parts = [];
  const words = make("textarea");
  words.maxLength = 10000;
  words.rows = 3;
  if (run.gate) {
    parts.push(make("h2", "", run.gate.gate === "plan" ? "The plan waits for an approval" : "The push waits for an approval"));
    parts.push(make("ul", "", ...run.gate.reasons.map((reason) => make("li", "", reason))));
    parts.push(make("p", "soft", `${run.gate.gate === "plan" ? "digest of the plan" : "tree that would be pushed"}: `, make("code", "", run.gate.subject)));
    words.placeholder = "A note; or what shall be different";
    const about = () => ({ actor: "page", subject: run.gate.subject, note: words.value });
    parts.push(words, buttons(
      ["Approve", "good", () => say("approve", about())],
      ["Have it changed", "", () => say("answer", { actor: "page", text: words.value })],
      ["Reject", "bad", () => say("reject", about())]));
  } else if (run.status === "escalated") {
    parts.push(make("h2", "", "It needs a person"), make("p", "question", run.question || run.summary));
    words.placeholder = "Your answer; it goes on from where it is";
    parts.push(words, buttons(["Answer", "good", () => say("answer", { actor: "page", text: words.value })], ["Cancel", "bad", () => say("cancel", {})]));
  } else if (run.interrupted || run.status === "failed" || run.status === "cancelled") {
    parts.push(buttons(["Resume", "good", () => say("resume", {})]));
  } else if (!RESTING.includes(run.status)) {
    parts.push(buttons(["Cancel", "bad", () => say("cancel", {})]));
  }
  parts.push(make("p", "problem"));
  at("decision").replaceChildren(...parts);
  at("decision").hidden = parts.length < 2;
}

function buttons(...wanted) {
  return make("div", "buttons", ...wanted.map(([text, kind, act]) => {
    const button = make("button", kind, text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }));
}

async function say(verb, body) {
  const pressed = [...at("decision").querySelectorAll("button")];
  pressed.forEach((button) => { button.disabled = true; });
  const told = at("decision").querySelector(".problem");
  told.textContent = "";
  try {
    await call(`/v1/tasks/${encodeURIComponent(chosen)}/${verb}`, body);
    drawn = "";
    await show();
  } catch (problem) {
    told.textContent = problem.message;
    pressed.forEach((button) => { button.disabled = false; });
  }
}

// The events, as they come

async function follow() {
  const sent = headers();
  if (last) sent["Last-Event-ID"] = String(last);
  const answer = await fetch(`/v1/tasks/${encodeURIComponent(chosen)}/events`, { headers: sent });
  if (!answer.ok) throw new Problem(answer.status, `the server answered with status ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    const fresh = blocks.map(eventOf).filter((event) => event);
    fresh.forEach(take);
    if (fresh.length) await show();
  }
}

function eventOf(block) {
  const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
  return fields.id ? { type: fields.event, ...JSON.parse(fields.data) } : null;
}

function take(event) {
  last = event.seq;
  const said = event.payload;
  const edited = event.type === "gate.granted" && said.plan;
  if (event.type === "plan.proposed" || edited) {
    plan = said.plan;
    steps = said.plan.steps.map((step) => ({ text: step.text, status: "open" }));
  }
  if (event.type === "plan.updated" && said.step && steps[said.step - 1]) steps[said.step - 1].status = said.status;
  if (event.type.startsWith("plan.") || edited) drawPlan();
  const tell = LINES_OF[event.type];
  const line = tell ? tell(said).replace(/\s+/g, " ").trim() : "";
  if (!line) return;
  const kind = event.type === "tests.finished" && ["before", "during", "after"].includes(said.stage) ? (said.green ? "green" : "red") : event.type.replace(".", "-");
  at("events").append(make("li", kind,
    make("time", "", new Date(event.at * 1000).toLocaleTimeString()),
    make("span", "type", event.type),
    make("span", "told", line.length > LETTERS ? `${line.slice(0, LETTERS)}…` : line)));
}

function drawPlan() {
  const marks = { open: "○", doing: "▶", done: "✓", skipped: "–" };
  if (!plan) return;
  const files = plan.files.map((file) => make("li", "", `${file.action} `, make("code", "", file.path), ` ${file.why}`));
  const listed = (title, items) => (items.length ? [make("h3", "", title), make("ul", "", ...items)] : []);
  const words = (items) => items.map((item) => make("li", "", item));
  at("plan").replaceChildren(make("h2", "", "Plan"), make("p", "summary", plan.summary), make("ol", "", ...steps.map((step) =>
    make("li", step.status, make("span", "sign", marks[step.status] || "○"), step.text))),
  ...listed("Files", files), ...listed("Risks", words(plan.risks)), ...listed("Assumptions", words(plan.assumptions)),
  ...(plan.verification ? [make("h3", "", "Verified by"), make("p", "summary", plan.verification)] : []));
  at("plan").hidden = !steps.length;
}

const LINES_OF = {
  "task.created": (said) => said.repo,
  "run.started": (said) => `commands are confined by ${said.sandbox}`,
  "run.resumed": () => "it goes on",
  "workspace.made": (said) => [said.branch, said.uncommitted?.note].filter(Boolean).join("; "),
  "base.moved": (said) => said.note,
  "task.read": (said) => `${said.brief.title} · ${said.brief.criteria.length} ${said.brief.criteria.length === 1 ? "criterion" : "criteria"}`,
  "environment.started": (said) => said.commands.join("; "),
  "environment.skipped": (said) => said.reason,
  "context.retrieved": (said) => `for the ${said.seed}: ${said.cited.length} places, ${said.tokens} tokens`,
  "plan.proposed": (said) => said.plan.summary,
  "plan.updated": (said) => (said.step ? `step ${said.step} ${said.status} ${said.note}` : ""),
  "gate.requested": (said) => `${said.gate}: ${said.reasons.join("; ")}`,
  "gate.granted": (said) => `${said.gate} by ${said.actor} ${said.note}`,
  "gate.rejected": (said) => `${said.gate} by ${said.actor} ${said.note}`,
  "answered": (said) => `${said.actor}: ${said.text}`,
  "model.busy": (said) => said.reason,
  "model.response": (said) => said.text,
  "tool.call": (said) => toolOf(said),
  "command.finished": (said) => `${said.command}: exit code ${said.code}`,
  "tests.finished": (said) => `${said.stage}: ${said.summary}`,
  "cycle": (said) => `not yet: ${said.summary}`,
  "edit.applied": (said) => `${said.paths.join(", ")} +${said.added} -${said.deleted}`,
  "edit.proposed": (said) => `${said.paths.join(", ")} +${said.added} -${said.deleted}`,
  "edit.rejected": (said) => `refused: ${said.reasons[0]}`,
  "guard.tripped": (said) => Object.values(said).join(": "),
  "review.finished": (said) => (said.accepted ? "the change is accepted" : said.objections.join("; ")),
  "work.finished": (said) => said.subject,
  "report.made": (said) => said.summary,
  "commit.created": (said) => `${said.commit.slice(0, 10)} on ${said.branch}`,
  "branch.pushed": (said) => `${said.branch} to ${said.forge}`,
  "request.opened": (said) => `${said.number} ${said.url}`,
  "escalated": (said) => `${said.summary} ${said.question}`,
  "failed": (said) => said.reason,
  "cancelled": (said) => said.reason,
  "finished": () => "done",
};

function toolOf(said) {
  try {
    const given = JSON.parse(said.arguments);
    const named = ["path", "to", "query", "task", "name", "command", "pattern", "step", "status"].map((key) => given[key]).filter(Boolean);
    return [said.name, ...named].join(" ");
  } catch { return said.name; }
}

// Telling

function tell(title, ...parts) {
  at("notice").replaceChildren(make("h2", "", title), make("p", "", ...parts));
  at("notice").hidden = false;
}

function explain(problem) {
  if (problem.status === 401) {
    if (at("notice").querySelector("input")) return;
    tell("This server wants its key", "It is the value of CAIRN_API_KEY. This tab forgets it when it is closed.");
    at("notice").append(keyForm(() => { at("notice").hidden = true; at("notice").replaceChildren(); begin(); }));
  } else if (problem.status === undefined) {
    tell("The server does not answer", "Start it again with ", make("code", "", "cairn serve"), "; this page goes on by itself.");
  } else {
    tell("That did not work", problem.message);
  }
}

async function begin() {
  try {
    if (!chosen) await list();
    else {
      const run = await show();
      at("notice").hidden = true;
      if (!last || !RESTING.includes(run.status)) await follow();
      await show();
    }
  } catch (problem) {
    explain(problem);
    if (problem.status === 404) return;
  }
  setTimeout(begin, chosen ? AGAIN_MS : LIST_MS);
}

begin();
