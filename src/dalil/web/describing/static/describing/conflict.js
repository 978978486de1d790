/** Two wrote on one annotation: theirs beside yours, and neither is lost before somebody chooses. */

import { say } from "/static/frame/words.js";
import { termName } from "./terms.js";

const SHOWN = ["lane", "time", "term", "text_en", "text_ar", "label", "basis", "severity"];

function cell(kind, text) {
  const made = document.createElement(kind);
  const inner = document.createElement("bdi");
  inner.textContent = text;
  made.append(inner);
  return made;
}

function worded(mark, name, { marks, terms, lang }) {
  if (!mark) return say("taken-away");
  if (name === "time") {
    const { time } = marks;
    return `${time.code(time.ticks(mark.pts_start, mark.timebase))}–${time.code(time.ticks(mark.pts_end, mark.timebase))}`;
  }
  if (name === "term") return termName(terms.get(mark.term), lang);
  return String(mark[name] ?? "");
}

/** Show conflicts; `chosen(theirs, keepMine)` is called as each is settled. */
export function conflictShown(place, pairs, marks, terms, lang, chosen) {
  const around = { marks, terms, lang };
  place.replaceChildren(...pairs.map((theirs) => section(theirs, around, chosen)));
  place.hidden = !pairs.length;
  place.querySelector("button")?.focus();
}

function section(theirs, around, chosen) {
  const made = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = say("conflict");
  const table = document.createElement("table");
  table.className = "plain";
  const mine = around.marks.get(theirs.id) ?? null;
  const other = theirs.withdrawn ? null : theirs;
  const head = table.createTHead().insertRow();
  head.append(cell("th", ""), cell("th", say("theirs")), cell("th", say("yours")));
  for (const name of SHOWN) {
    const values = [worded(other, name, around), worded(mine, name, around)];
    if (values[0] === values[1]) continue;
    const row = table.insertRow();
    row.append(cell("th", say(`field-${name}`)), ...values.map((each) => cell("td", each)));
  }
  const settle = (label, keepMine) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say(label);
    button.addEventListener("click", () => {
      chosen(theirs, keepMine);
      const place = made.parentElement;
      made.remove();
      if (place) place.hidden = !place.children.length;
    });
    return button;
  };
  made.append(title, table, settle("keep-theirs", false), " ", settle("keep-mine", true));
  return made;
}
