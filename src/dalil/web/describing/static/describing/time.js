/** The time of a clip in ticks of its own time base, its pictures, and time codes of both. */

const MILLI = 1000;
const HOUR = 3600 * MILLI;
const TYPED = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/;
const INDIC = "٠١٢٣٤٥٦٧٨٩";

/** Whole ticks of `1/90000` as `[1, 90000]`. */
function parts(timebase) {
  return timebase.split("/").map(Number);
}

export class Time {
  /** `runs` are `[distance, how many]` from picture to picture, the first one at `zero`. */
  constructor({ timebase, zero, end, frames = [] }) {
    this.timebase = timebase;
    [this.above, this.below] = parts(timebase);
    this.zero = zero;
    this.frames = this.unrolled(frames);
    const last = this.frames.at(-1) ?? 0;
    this.end = end === null || end === undefined ? Math.max(last, this.ticksOf(60 * MILLI)) : end - zero;
    this.measured = end !== null && end !== undefined;
  }

  unrolled(runs) {
    const count = runs.reduce((sum, [, times]) => sum + times, 0);
    const found = new Float64Array(count ? count + 1 : 0);
    let at = 0;
    let place = 1;
    for (const [distance, times] of runs) {
      for (let i = 0; i < times; i++) found[place++] = at += distance;
    }
    return found;
  }

  /** Ticks after the first picture of a time stamp in any time base; not whole where bases differ. */
  ticks(pts, timebase) {
    if (timebase === this.timebase) return pts - this.zero;
    const [above, below] = parts(timebase);
    return (pts * above * this.below) / (below * this.above) - this.zero;
  }

  pts(ticks) {
    return Math.round(ticks) + this.zero;
  }

  millis(ticks) {
    return Math.floor((ticks * this.above * MILLI) / this.below + 1e-6);
  }

  ticksOf(millis) {
    return (millis * this.below) / (this.above * MILLI);
  }

  /** The nearest picture, or the end of the clip; the nearest tick where no picture is known. */
  snap(ticks) {
    const inside = Math.min(Math.max(ticks, 0), this.end);
    if (!this.frames.length) return Math.round(inside);
    const place = this.place(inside);
    const before = this.frames[place];
    const after = this.frames[place + 1] ?? this.end;
    return inside - before <= after - inside ? before : after;
  }

  /** Which picture is shown at a tick, from 0. */
  place(ticks) {
    let low = 0;
    let high = this.frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.frames[middle] <= ticks) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** So many pictures on or back; a fortieth of a second where no picture is known. */
  step(ticks, by) {
    if (!this.frames.length) return this.snap(ticks + by * this.ticksOf(25));
    const place = this.place(ticks) + by;
    if (place >= this.frames.length) return this.end;
    return this.frames[Math.max(place, 0)];
  }

  /** `HH:MM:SS.mmm`, rounded down as everywhere at the desk. */
  code(ticks) {
    let rest = Math.max(this.millis(ticks), 0);
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(rest / HOUR);
    rest -= hours * HOUR;
    const minutes = Math.floor(rest / (60 * MILLI));
    rest -= minutes * 60 * MILLI;
    const seconds = Math.floor(rest / MILLI);
    return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(rest % MILLI).padStart(3, "0")}`;
  }

  /** What was typed as `[[HH:]MM:]SS[.mmm]` or `frame:N`, in ticks; null where it is no time. */
  typed(text) {
    const plain = text.trim().replace(/[٠-٩]/g, (digit) => INDIC.indexOf(digit)).replace("٫", ".");
    const frame = /^frame:(\d{1,9})$/.exec(plain);
    if (frame) return this.frames[Number(frame[1])] ?? null;
    const found = TYPED.exec(plain);
    if (!found) return null;
    const [hours, minutes, seconds] = [found[1], found[2], found[3]].map((each) => Number(each ?? 0));
    const millis = Number((found[4] ?? "").padEnd(3, "0"));
    // A time code is rounded down: the middle of its millisecond finds the picture it came from.
    const all = ((hours * 60 + minutes) * 60 + seconds) * MILLI + millis;
    const ticks = this.ticksOf(all + 0.5);
    return ticks > this.end + this.ticksOf(1) ? null : this.snap(ticks);
  }
}
