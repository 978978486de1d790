/** `<dalil-lanes>`: the lanes of a clip, described by time code without looking at it. */

import { lang, say } from "/static/frame/words.js";
import { conflictShown } from "./conflict.js";
import { Drawn, ROW } from "./drawn.js";
import { KEYS, combination } from "./keys.js";
import { Marks, freshId } from "./marks.js";
import { Panel } from "./panel.js";
import { pointed } from "./pointer.js";
import { Refused, ask, draftOf, keepDraft } from "./sent.js";
import { termName } from "./terms.js";
import { Time } from "./time.js";

const PAUSE = 1200;
const FIRST = 1000;
const DEEPEST = 60;
const WIDEST = 16_000_000;

/** A text in a direction of its own, whatever stands around it. */
function apart(text) {
  return `\u2068${text}\u2069`;
}

class Lanes extends HTMLElement {
  async connectedCallback() {
    this.piece = (name) => this.querySelector(`[data-part=${name}]`);
    this.scroller = this.piece("scroller");
    try {
      await this.load();
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      this.announce(`${fault.message} ${fault.next}`);
      return;
    }
    this.listen();
    this.resized();
    this.whole();
    this.announce(this.marks.size ? say("loaded", { n: this.marks.size }) : say("loaded-none"));
    await this.offerDraft();
    this.dataset.ready = "";
  }

  async load() {
    const told = await ask(this.dataset.lanes);
    this.time = new Time(told.clock);
    this.marks = new Marks(this.time);
    this.terms = new Map(told.terms.map((each) => [each.id, each]));
    this.round = told.round ?? null;
    this.may = this.hasAttribute("data-may");
    this.marks.load(told.annotations.map((each) => ({ ...each, shown: this.shown(each) })), told.lanes);
    this.cursor = 0;
    this.selected = null;
    this.picking = null;
    this.lane = this.marks.lanes[0] ?? say("first-lane");
    this.drawn = new Drawn(this.piece("canvas"), this.marks, this.time);
    this.panel = new Panel(this.piece("panel"), this.marks, this.time, lang, (id) => this.told(id));
    this.panel.picker.offered = told.terms.filter((each) => !each.withdrawn);
  }

  listen() {
    this.scroller.addEventListener("scroll", () => this.redraw(), { passive: true });
    this.addEventListener("keydown", (event) => this.key(event));
    pointed(this, this.scroller, this.piece("canvas"));
    this.marks.addEventListener("change", () => this.changed());
    this.panel.addEventListener("gone", () => this.takeAway());
    this.panel.addEventListener("pick", () => this.pick());
    for (const each of this.querySelectorAll("button[data-do]")) {
      each.addEventListener("click", () => this[each.dataset.do]());
    }
    for (const each of document.querySelectorAll("button[data-from]")) {
      each.addEventListener("click", () => this.add(Number(each.dataset.from), Number(each.dataset.to)));
    }
    new ResizeObserver(() => this.resized()).observe(this.scroller);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.drawn.recolour();
      this.redraw();
    });
    document.addEventListener("dalil-time", (event) => {
      const { pts, timebase } = event.detail;
      this.cursor = Math.max(this.time.ticks(Number(pts), timebase), 0);
      this.intoView(this.cursor);
    });
    window.addEventListener("beforeunload", () => this.keep());
    document.fonts?.ready.then(() => this.redraw());
  }

  /* What is said. */

  shown(mark) {
    const said = [termName(this.terms.get(mark.term), lang), mark.label, lang === "ar" ? mark.text_ar ?? mark.text_en : mark.text_en ?? mark.text_ar];
    return said.filter(Boolean).join(" · ") || (mark.term_withheld ? say("term-withheld") : "");
  }

  told(id) {
    const mark = this.marks.get(id);
    if (!mark) return say("elsewhere");
    return `${apart(`${this.time.code(mark.start)}–${this.time.code(mark.end)}`)} ${apart(mark.shown || mark.lane)}`;
  }

  announce(text) {
    this.piece("said").textContent = text;
  }

  changed() {
    for (const id of this.marks.touched) {
      const mark = this.marks.get(id);
      const shown = mark && this.shown(mark);
      if (mark && mark.shown !== shown) {
        const fresh = Object.freeze({ ...mark, shown });
        this.marks.now.set(id, fresh);
        this.marks.relaid(new Set([mark.lane]));
      }
    }
    if (this.selected && !this.marks.get(this.selected)) this.select(null);
    else if (!this.marks.held) this.panel.show(this.selected);
    const n = this.marks.touched.size;
    this.piece("unsigned").textContent = n ? say("unsigned", { n }) : say("all-signed");
    this.piece("sign").disabled = !n;
    this.resized();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), PAUSE);
  }

  /* Keeping and signing. */

  async keep() {
    clearTimeout(this.waiting);
    if (!this.may || this.signing) return;
    const kept = await keepDraft(this.dataset.keep, this.marks.touched.size ? this.marks.draft() : null);
    if (!kept && this.marks.touched.size) this.announce(say("not-kept"));
  }

  async offerDraft() {
    const text = this.may ? await draftOf(this.dataset.keep) : null;
    if (!text) return;
    const n = this.marks.takeUp(text);
    if (n) this.announce(say("taken-up", { n }));
  }

  async sign() {
    if (this.signing || !this.marks.touched.size) return;
    // What is still being typed counts too; the keyboard stays where it was.
    const field = document.activeElement;
    if (this.piece("panel").contains(field)) {
      field.blur();
      field.focus();
    }
    const changes = this.marks.changes();
    const note = this.piece("note").value.trim();
    if (changes.some((each) => each.gone) && !note) {
      this.announce(say("why-gone"));
      this.piece("note").focus();
      return;
    }
    this.signing = true;
    this.piece("sign").disabled = true;
    try {
      const done = await ask(this.dataset.sign, { note, changes, round: this.round?.id ?? null });
      this.marks.settle(done.revises);
      this.piece("note").value = "";
      this.announce(say("signed", { n: done.count, act: String(done.seq) }));
      await keepDraft(this.dataset.keep, null);
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      if (fault.status === 409) this.conflict(fault.body.conflicts ?? []);
      this.announce([fault.message, fault.about, fault.next].filter(Boolean).join(" "));
    } finally {
      this.signing = false;
      this.changed();
    }
  }

  conflict(pairs) {
    conflictShown(this.piece("conflicts"), pairs, this.marks, this.terms, lang, (theirs, keepMine) => {
      this.marks.rebase({ ...theirs, shown: this.shown(theirs) }, keepMine);
      this.select(theirs.id);
    });
  }

  undo() {
    const step = this.marks.undo();
    if (step) this.select(this.marks.get(step[0].id) ? step[0].id : null);
  }

  redo() {
    const step = this.marks.redo();
    if (step) this.select(this.marks.get(step[0].id) ? step[0].id : null);
  }

  /* Choosing and changing. */

  select(id) {
    this.selected = id;
    const mark = id && this.marks.get(id);
    if (mark) {
      this.lane = mark.lane;
      this.announce(`${this.told(id)} · ${apart(mark.lane)}`);
    }
    this.panel.show(id);
    this.redraw();
  }

  add(from = this.cursor, to = null, lane = this.lane) {
    if (!this.may) return;
    const start = this.time.snap(from);
    const end = this.time.snap(to ?? start + this.time.ticksOf(FIRST));
    const id = freshId();
    const times = { timebase: this.time.timebase, pts_start: this.time.pts(start), pts_end: this.time.pts(end) };
    const round = this.round ? { round: this.round.id } : {};
    this.marks.put([[id, { lane, ...times, basis: "observation", rests_on: [], see: "restricted", ...round }]]);
    this.select(id);
    this.panel.form.elements.term.focus();
  }

  takeAway() {
    if (this.may && this.selected) this.marks.put([[this.selected, null]]);
  }

  setEnd(which) {
    const mark = this.may && this.marks.get(this.selected);
    if (!mark) return;
    const at = this.time.snap(this.cursor);
    const start = which === "start" ? at : Math.min(mark.start, at);
    const end = which === "end" ? at : Math.max(mark.end, at);
    this.marks.put([[mark.id, this.times(start, end)]]);
  }

  times(start, end) {
    return { timebase: this.time.timebase, pts_start: this.time.pts(start), pts_end: this.time.pts(end) };
  }

  pick() {
    this.picking = this.picking ? null : this.selected;
    this.announce(say(this.picking ? "picking" : "picked"));
    this.scroller.focus();
    this.redraw();
  }

  toggleGround(id) {
    const mark = this.marks.get(this.picking);
    if (!mark || id === mark.id) return;
    const rests = mark.rests_on.includes(id) ? mark.rests_on.filter((each) => each !== id) : [...mark.rests_on, id];
    this.marks.put([[mark.id, { rests_on: rests }]]);
    this.announce(`${this.told(id)} ${say(rests.includes(id) ? "ground-on" : "ground-off")}`);
  }

  walk(by) {
    const line = this.marks.inLane(this.lane);
    if (!line.length) return;
    const here = line.findIndex((each) => each.id === (this.at ?? this.selected));
    const next = here < 0 ? (by > 0 ? line.findIndex((each) => each.start >= this.cursor) : 0) : here + by;
    const mark = line[Math.min(Math.max(next, 0), line.length - 1)];
    if (this.picking) {
      this.at = mark.id;
      this.announce(this.told(mark.id));
    } else this.select(mark.id);
    this.cursor = mark.start;
    this.seek();
  }

  otherLane(by) {
    const place = this.marks.lanes.indexOf(this.lane) + by;
    this.lane = this.marks.lanes[Math.min(Math.max(place, 0), this.marks.lanes.length - 1)] ?? this.lane;
    this.selected = this.picking;
    this.at = null;
    this.panel.show(this.selected);
    this.announce(this.lane);
    this.laneIntoView();
  }

  seekTo(ticks) {
    this.cursor = ticks;
    this.seek();
  }

  seek() {
    this.intoView(this.cursor);
    this.piece("time").textContent = this.time.code(this.cursor);
    const detail = { pts: this.time.pts(this.cursor), timebase: this.time.timebase };
    document.dispatchEvent(new CustomEvent("dalil-seek", { detail }));
  }

  key(event) {
    const pressed = combination(event);
    const done = KEYS.find((each) => each.when.includes(pressed));
    if (!done || (event.target !== this.scroller && pressed !== "Ctrl+KeyS")) return;
    event.preventDefault();
    done.what(this);
  }

  space() {
    if (this.picking && this.at) this.toggleGround(this.at);
    else if (this.selected) this.panel.form.elements.term.focus();
  }

  enter() {
    if (this.picking) this.pick();
    else if (this.selected) this.panel.form.elements.term.focus();
    else this.add();
  }

  /* What is in view. */

  nearer() {
    this.zoom(1.6);
  }

  farther() {
    this.zoom(1 / 1.6);
  }

  zoom(by, around = this.cursor) {
    const { view, gutter } = this.drawn;
    const span = view.width - gutter;
    const least = span / (this.time.end * 1.05 || 1);
    const frame = this.time.frames[1] ?? this.time.ticksOf(40);
    const most = Math.min(DEEPEST / frame, WIDEST / this.time.end);
    const offset = this.drawn.x(around);
    view.scale = Math.min(Math.max(view.scale * by, least), Math.max(most, least));
    this.sized();
    this.scroller.scrollLeft = around * view.scale - (offset - this.drawn.origin);
    this.redraw();
  }

  whole() {
    this.zoom(1e-9);
  }

  sized() {
    const { view, gutter } = this.drawn;
    const spacer = this.piece("spacer");
    spacer.style.inlineSize = `${Math.ceil(this.time.end * 1.05 * view.scale) + gutter}px`;
    const { height } = this.drawn.placed();
    spacer.style.blockSize = `${height}px`;
    this.scroller.style.maxBlockSize = `${Math.max(height + ROW, 8 * ROW)}px`;
  }

  resized() {
    const { clientWidth, clientHeight } = this.scroller;
    const { view } = this.drawn;
    if (clientWidth !== view.width || clientHeight !== view.height) this.drawn.resize(clientWidth, clientHeight);
    this.sized();
    this.redraw();
  }

  intoView(ticks) {
    const x = this.drawn.x(ticks);
    const { view, origin, gutter } = this.drawn;
    const span = view.width - gutter;
    if (x < origin + 20 || x > origin + span - 20) this.scroller.scrollLeft = ticks * view.scale - span / 3;
    this.redraw();
  }

  laneIntoView() {
    const lane = this.drawn.placed().lanes.find((each) => each.name === this.lane);
    const { view } = this.drawn;
    if (lane && (lane.top - view.top < ROW || lane.top + lane.height - view.top > view.height)) {
      this.scroller.scrollTop = lane.top - ROW * 2;
    }
    this.redraw();
  }

  redraw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      const { scrollLeft, scrollTop } = this.scroller;
      Object.assign(this.drawn.view, { left: scrollLeft, top: scrollTop });
      const rests = this.picking ? this.marks.get(this.picking)?.rests_on ?? [] : [];
      const picked = new Set([...rests, ...(this.at && this.picking ? [this.at] : [])]);
      this.drawn.draw({ cursor: this.cursor, selected: this.selected, lane: this.lane, picked });
    });
  }
}

customElements.define("dalil-lanes", Lanes);
