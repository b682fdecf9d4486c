// What both pages need: a request with the key of this tab, and elements that hold text, never HTML.

export class Problem extends Error {
  constructor(status, detail) { super(detail); this.status = status; }
}

export function headers(body) {
  const made = {};
  const key = sessionStorage.getItem("cairn-key");
  if (key) made["Authorization"] = `Bearer ${key}`;
  if (body) made["Content-Type"] = "application/json";
  return made;
}

export async function call(path, body) {
  const answer = await fetch(path, { method: body ? "POST" : "GET", headers: headers(body), body: body && JSON.stringify(body) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, said.detail || `the server answered with status ${answer.status}`);
  return said;
}

export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content.filter((part) => part !== null && part !== undefined));
  return element;
}

// A form that asks for the server's key, and calls `then` when it was given.
export function keyForm(then) {
  const field = make("input");
  field.type = "password";
  field.setAttribute("aria-label", "Key of this server");
  const form = make("form", "", field, make("button", "", "Open"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("cairn-key", field.value.trim());
    then();
  });
  return form;
}
