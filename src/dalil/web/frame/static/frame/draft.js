/** Keeps what is typed in `[data-draft]` on the desk, and offers it again after a break. */

import { csrf, say } from "./words.js";

const PAUSE = 1500;

function address(field) {
  return `/draft/${encodeURIComponent(field.dataset.draft)}`;
}

function keep(field) {
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "text/plain" };
  return fetch(address(field), { method: "POST", headers, body: field.value }).catch(() => {});
}

function offer(field, text) {
  const line = document.createElement("p");
  line.className = "said";
  const use = document.createElement("button");
  const drop = document.createElement("button");
  for (const each of [use, drop]) {
    each.type = "button";
    each.className = "plain";
  }
  use.textContent = say("draft-use");
  drop.textContent = say("draft-drop");
  use.addEventListener("click", () => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    line.remove();
    field.focus();
  });
  drop.addEventListener("click", () => {
    fetch(address(field), { method: "DELETE", headers: { "X-CSRFToken": csrf() } });
    line.remove();
  });
  line.append(`${say("draft-found")} `, use, " · ", drop);
  field.before(line);
}

/** Let the form say which drafts it was, so that they are forgotten once it is carried out. */
function tell(field) {
  if (!field.form) return;
  const key = document.createElement("input");
  key.type = "hidden";
  key.name = "draft-key";
  key.value = field.dataset.draft;
  field.form.append(key);
}

for (const field of document.querySelectorAll("[data-draft]")) {
  let waiting;
  tell(field);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(field), PAUSE);
  });
  const answer = await fetch(address(field)).catch(() => null);
  if (answer?.ok) {
    const { text } = await answer.json();
    if (text && text !== field.value) offer(field, text);
  }
}
