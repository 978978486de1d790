/** What was on the screen, told to the desk every few seconds: pictures and how long, no more. */

import { csrf } from "/static/frame/words.js";

const EVERY = 5000;
const STEP = 250;
const JUMP = 40;
const IDLE = 600000;

const every = new Set();

// What ends a look waits until what was on the screen is told.
for (const form of document.querySelectorAll("form[data-ends]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await Promise.all([...every].map((each) => each.tell()));
    form.submit();
  });
}

/** Let something tell what was seen before a look is ended. */
export function telling(thing) {
  every.add(thing);
}

export class Seen {
  /** `shown` gives the picture on the screen, or null under the cover; `answer` hears the desk. */
  constructor(address, shown, answer) {
    this.address = address;
    this.shown = shown;
    this.answer = answer;
    this.runs = [];
    this.last = performance.now();
    this.active = this.last;
    this.stepping = setInterval(() => this.step(), STEP);
    this.telling = setInterval(() => this.tell(), EVERY);
    addEventListener("pagehide", () => this.tell(true));
    telling(this);
  }

  /** Add the time since the last step to what is on the screen. */
  step() {
    const now = performance.now();
    const ms = Math.min(1000, Math.round(now - this.last));
    this.last = now;
    const at = this.shown();
    if (at === null) return;
    this.active = now;
    const run = this.runs.at(-1);
    if (run && at >= run[1] && at - run[1] < JUMP && run[2] < 30000) {
      run[1] = at;
      run[2] += ms;
    } else this.runs.push([at, at, ms]);
  }

  /** Somebody is here again: say so, and hear whether the look is still open. */
  wake() {
    this.active = performance.now();
    this.tell();
  }

  /** Tell the desk, even where nothing was seen: it knows then that somebody is here. */
  async tell(leaving = false) {
    this.step();
    if (performance.now() - this.active > IDLE) return;
    const runs = this.runs.splice(0, 400);
    const said = {
      method: "POST",
      headers: { "X-CSRFToken": csrf(), "Content-Type": "application/json" },
      body: JSON.stringify({ seen: runs }),
      keepalive: leaving,
    };
    try {
      const answered = await fetch(this.address, said);
      if (answered.ok) this.answer(await answered.json());
      else this.over(answered.status);
    } catch {
      this.runs.unshift(...runs);
    }
  }

  /** The look is over, or this session is. */
  over(status) {
    if (status !== 404 && status !== 403) return;
    clearInterval(this.stepping);
    clearInterval(this.telling);
    this.answer(null);
  }
}
