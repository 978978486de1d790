/** The form beside the lanes: everything that one annotation says, each field an own step. */

import { say } from "/static/frame/words.js";
import { TermPicker } from "./terms.js";

const TEXTS = ["text_en", "text_ar", "label"];
const SIDES = ["x", "y", "w", "h"];

export class Panel extends EventTarget {
  /** `form` is the page's; `told` names an annotation in a few words. */
  constructor(form, marks, time, lang, told) {
    super();
    Object.assign(this, { form, marks, time, told, id: null });
    const of = (name) => form.querySelector(`[data-part=${name}]`);
    this.parts = { fields: of("fields"), rests: of("rests"), pick: of("pick"), bad: of("bad") };
    this.picker = new TermPicker(form.elements.term, of("terms"), of("definition"), lang);
    this.picker.addEventListener("chosen", (event) => this.put({ term: event.detail }));
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("submit", (event) => event.preventDefault());
    of("gone").addEventListener("click", () => this.dispatchEvent(new Event("gone")));
    this.parts.pick.addEventListener("click", () => this.dispatchEvent(new Event("pick")));
    this.parts.rests.addEventListener("click", (event) => {
      const id = event.target.closest("button")?.dataset.id;
      if (id) this.put({ rests_on: this.marks.get(this.id).rests_on.filter((each) => each !== id) });
    });
  }

  /** Show an annotation; none empties and closes the form. */
  show(id) {
    const mark = id === null ? null : this.marks.get(id);
    this.id = mark ? id : null;
    this.parts.fields.disabled = !mark;
    this.say("");
    const { elements } = this.form;
    elements.start.value = mark ? this.time.code(mark.start) : "";
    elements.end.value = mark ? this.time.code(mark.end) : "";
    elements.lane.value = mark?.lane ?? "";
    for (const name of TEXTS) elements[name].value = mark?.[name] ?? "";
    elements.severity.value = mark?.severity ?? "";
    elements.basis.value = mark?.basis ?? "observation";
    elements.see.value = mark?.see ?? "restricted";
    for (const side of SIDES) elements[`box_${side}`].value = mark?.box?.[side] ?? "";
    this.picker.show(mark?.term ?? null);
    this.showGrounds(mark);
  }

  showGrounds(mark) {
    const inferred = mark?.basis === "inference";
    this.form.querySelector("[data-part=grounds]").hidden = !inferred;
    const lines = (inferred ? mark.rests_on : []).map((id) => {
      const line = document.createElement("li");
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "plain";
      drop.dataset.id = id;
      drop.textContent = say("drop");
      line.append(this.told(id), " ", drop);
      return line;
    });
    this.parts.rests.replaceChildren(...lines);
  }

  changed(field) {
    if (this.id === null || field === this.form.elements.term) return;
    const { name } = field;
    const value = field.value.trim();
    if (name === "start" || name === "end") this.putTime(name, value);
    else if (name.startsWith("box_")) this.putBox();
    else if (name === "severity") this.put({ severity: value === "" ? null : Number(value) });
    else if (name === "basis") this.put({ basis: value, rests_on: value === "inference" ? this.marks.get(this.id).rests_on : [] });
    else if (name === "lane") value ? this.put({ lane: value }) : this.say(say("needs-lane"));
    else this.put({ [name]: value || null });
  }

  putTime(name, value) {
    const ticks = this.time.typed(value);
    if (ticks === null) return this.say(say("no-time", { typed: value }));
    const mark = this.marks.get(this.id);
    const start = name === "start" ? ticks : mark.start;
    const end = name === "end" ? ticks : mark.end;
    if (start > end) return this.say(say("backwards"));
    this.put({ timebase: this.time.timebase, pts_start: this.time.pts(start), pts_end: this.time.pts(end) });
  }

  putBox() {
    const values = SIDES.map((side) => this.form.elements[`box_${side}`].value.trim());
    if (values.every((each) => each === "")) return this.put({ box: null });
    if (!values.every((each) => /^\d{1,6}$/.test(each))) return this.say(say("box-whole"));
    const [x, y, w, h] = values.map(Number);
    if (!w || !h) return this.say(say("box-whole"));
    this.put({ box: { x, y, w, h } });
  }

  put(fields) {
    if (this.id === null) return;
    this.say("");
    this.marks.put([[this.id, fields]]);
  }

  say(text) {
    this.parts.bad.textContent = text;
  }
}
