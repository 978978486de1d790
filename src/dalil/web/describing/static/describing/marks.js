/** The annotations of a clip as they are now, beside what was signed; every step can be undone. */

/** What an annotation says; a change in any of these is something to sign. */
export const SAID = [
  "lane", "pts_start", "pts_end", "timebase", "term", "text_en", "text_ar", "label", "box",
  "severity", "basis", "rests_on", "see", "case", "round",
];

function same(one, other) {
  if (!one || !other) return one === other;
  return SAID.every((name) => JSON.stringify(one[name] ?? null) === JSON.stringify(other[name] ?? null));
}

/** A fresh id: 32 hexadecimal digits. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}

export class Marks extends EventTarget {
  constructor(time) {
    super();
    this.time = time;
    this.now = new Map();
    this.signed = new Map();
    this.revises = new Map();
    this.touched = new Set();
    this.done = [];
    this.undone = [];
    this.layouts = new Map();
    this.lanes = [];
  }

  /** Take in what the desk has; `lanes` are shown even where nothing is in them. */
  load(list, lanes = []) {
    for (const each of list) {
      const mark = this.placed(each);
      this.now.set(mark.id, mark);
      this.signed.set(mark.id, mark);
      this.revises.set(mark.id, each.revises);
    }
    this.wanted = lanes;
    this.relaid();
  }

  placed(mark) {
    const start = this.time.ticks(mark.pts_start, mark.timebase);
    const end = this.time.ticks(mark.pts_end, mark.timebase);
    return Object.freeze({ ...mark, start, end });
  }

  get(id) {
    return this.now.get(id);
  }

  get size() {
    return this.now.size;
  }

  /** Do one step: pairs of an id and what it says from now on (null: nothing). */
  put(pairs, keep = true) {
    const step = pairs.map(([id, fields]) => {
      const before = this.now.get(id) ?? null;
      return { id, before, after: fields && this.placed({ ...before, ...fields, id }) };
    });
    this.apply(step, "after");
    if (!keep) return;
    this.done.push(step);
    this.undone.length = 0;
  }

  /** While an end is dragged: shown at once, one step of undo when it is let go. */
  drag(id, fields) {
    this.held ??= { id, before: this.now.get(id) ?? null };
    this.put([[id, fields]], false);
  }

  drop() {
    if (!this.held) return;
    const { id, before } = this.held;
    this.held = undefined;
    const after = this.now.get(id) ?? null;
    if (same(before, after)) return;
    this.done.push([{ id, before, after }]);
    this.undone.length = 0;
  }

  undo() {
    return this.back(this.done, this.undone, "before");
  }

  redo() {
    return this.back(this.undone, this.done, "after");
  }

  back(from, to, which) {
    const step = from.pop();
    if (!step) return null;
    to.push(step);
    this.apply(step, which);
    return step;
  }

  apply(step, which) {
    const lanes = new Set();
    for (const each of step) {
      const value = each[which];
      const old = this.now.get(each.id);
      if (old) lanes.add(old.lane);
      if (value) {
        this.now.set(each.id, value);
        lanes.add(value.lane);
      } else this.now.delete(each.id);
      if (same(value, this.signed.get(each.id) ?? null)) this.touched.delete(each.id);
      else this.touched.add(each.id);
    }
    this.relaid(lanes);
    this.dispatchEvent(new Event("change"));
  }

  isUnsigned(id) {
    return this.touched.has(id);
  }

  /** What would be signed: an annotation as it is now, or a signed one that is taken away. */
  changes() {
    return Array.from(this.touched, (id) => {
      const mark = this.now.get(id) ?? this.signed.get(id);
      const said = Object.fromEntries(SAID.map((name) => [name, mark[name] ?? null]));
      return { id, revises: this.revises.get(id) ?? 0, ...said, gone: !this.now.has(id) };
    });
  }

  /** What was signed is now what is there. */
  settle(revises) {
    for (const [id, next] of Object.entries(revises)) {
      const mark = this.now.get(id);
      if (mark) this.signed.set(id, mark);
      else this.signed.delete(id);
      this.revises.set(id, next);
      this.touched.delete(id);
    }
    // What was taken away stays so: undoing it would write a withdrawn annotation anew.
    this.done = this.done.filter((step) => step.every((each) => !(each.id in revises) || this.now.has(each.id)));
    this.undone.length = 0;
    this.dispatchEvent(new Event("change"));
  }

  /** What somebody else signed meanwhile becomes the ground; one's own words stay, or go. */
  rebase(theirs, keepMine) {
    const mark = theirs.withdrawn ? null : this.placed(theirs);
    this.revises.set(theirs.id, theirs.revises);
    if (mark) this.signed.set(theirs.id, mark);
    else this.signed.delete(theirs.id);
    if (keepMine) this.put([], false);
    else this.apply([{ id: theirs.id, after: mark }], "after");
  }

  /** Everything unsigned, for the desk to keep while it is worked on. */
  draft() {
    return JSON.stringify({ v: 1, changes: this.changes() });
  }

  /** Take a kept draft up again, as one step; returns how many annotations it touches. */
  takeUp(text) {
    const { v, changes } = JSON.parse(text);
    if (v !== 1) return 0;
    for (const each of changes) this.revises.set(each.id, each.revises);
    this.put(changes.map(({ id, revises, gone, ...said }) => [id, gone ? null : said]));
    return changes.length;
  }

  relaid(lanes = null) {
    if (lanes === null) this.layouts.clear();
    else for (const each of lanes) this.layouts.delete(each);
    const found = new Map((this.wanted ?? []).map((name) => [name, []]));
    for (const mark of this.now.values()) {
      if (!found.has(mark.lane)) found.set(mark.lane, []);
      found.get(mark.lane).push(mark);
    }
    this.lanes = Array.from(found.keys()).sort();
    for (const name of this.lanes) {
      if (!this.layouts.has(name)) this.layouts.set(name, rowed(found.get(name)));
    }
    for (const name of this.layouts.keys()) if (!found.has(name)) this.layouts.delete(name);
  }

  /** The rows of a lane: within a row nothing overlaps, so that what is in view is found at once. */
  rows(lane) {
    return this.layouts.get(lane) ?? [];
  }

  /** All of a lane in order of time. */
  inLane(lane) {
    return this.rows(lane).flat().sort((one, other) => one.start - other.start || one.end - other.end);
  }
}

function rowed(marks) {
  marks.sort((one, other) => one.start - other.start || other.end - one.end);
  const rows = [];
  for (const mark of marks) {
    const row = rows.find((each) => each.at(-1).end <= mark.start);
    if (row) row.push(mark);
    else rows.push([mark]);
  }
  return rows;
}

/** The first place in a row whose mark ends after a tick. */
export function firstAfter(row, ticks) {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle].end < ticks) low = middle + 1;
    else high = middle;
  }
  return low;
}
