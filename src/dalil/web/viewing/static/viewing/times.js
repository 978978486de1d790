/** The original's time stamps, one a picture of the working copy; whole numbers throughout. */

const HEAD = 4;

export class Times {
  /** Read what the desk gives: tick (two numbers), first time stamp, first number, then stamps. */
  constructor(buffer) {
    const read = new BigInt64Array(buffer);
    this.tick = [Number(read[0]), Number(read[1])];
    this.zero = read[2];
    this.number = Number(read[3]);
    this.pts = read.subarray(HEAD);
    this.first = this.pts[0];
  }

  /** How many pictures there are. */
  get length() {
    return this.pts.length;
  }

  /** Seconds from the first picture of the copy to picture `index`. */
  at(index) {
    return (Number(this.pts[index] - this.first) * this.tick[0]) / this.tick[1];
  }

  /** A moment at which the browser surely shows picture `index`. */
  within(index) {
    const next = index + 1 < this.length ? this.at(index + 1) : this.at(index) + 0.02;
    return (this.at(index) + next) / 2;
  }

  /** The picture on the screen at `seconds` of the copy. */
  index(seconds) {
    const tick = this.tick[0] / this.tick[1];
    const wanted = this.first + BigInt(Math.floor(seconds / tick + 0.5));
    return this.before(wanted);
  }

  /** The picture on the screen at a time stamp of the original. */
  before(pts) {
    let low = 0;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pts[middle] <= pts) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The picture at a time stamp in another time base, "1/90000". */
  of(pts, timebase) {
    const [n, d] = timebase.split("/").map(BigInt);
    const whole = BigInt(typeof pts === "number" ? Math.round(pts) : pts);
    const own = (whole * n * BigInt(this.tick[1])) / (d * BigInt(this.tick[0]));
    return this.before(own);
  }

  /** HH:MM:SS.mmm after the first picture of the item, rounded down. */
  clock(index) {
    const ticks = (this.pts[index] - this.zero) * BigInt(this.tick[0]) * 1000n;
    const all = ticks / BigInt(this.tick[1]);
    const two = (value) => String(value).padStart(2, "0");
    const milli = String(all % 1000n).padStart(3, "0");
    const seconds = all / 1000n;
    return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${milli}`;
  }
}
