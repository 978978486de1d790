/** The queue by keyboard: move, choose a judgement, go to its reasons, sign, open, take back. */

const FORM_KEYS = ["1", "2", "3", "4"];

class Queue extends HTMLElement {
  connectedCallback() {
    this.candidates = [...this.querySelectorAll(".candidate")];
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** The candidate in which the focus is, or the first. */
  get here() {
    const found = document.activeElement?.closest(".candidate");
    return Math.max(0, this.candidates.indexOf(found));
  }

  /** Whether the focus is in a candidate at all. */
  get inside() {
    return Boolean(document.activeElement?.closest(".candidate"));
  }

  key(event) {
    if (event.altKey || event.metaKey) return;
    const typing = event.target.matches("textarea, select, input:not([type=radio])");
    if (event.ctrlKey) {
      if (event.key === "Enter" && event.target.form?.matches(".judge")) event.target.form.requestSubmit();
      return;
    }
    if (typing) {
      if (event.key === "Escape") event.target.closest(".candidate")?.focus();
      return;
    }
    const name = event.key.toLowerCase();
    const done = FORM_KEYS.includes(name) ? this.choose(Number(name)) : this.act(name);
    if (done) event.preventDefault();
  }

  /** Do what a letter says; whether it said anything. */
  act(name) {
    const doings = {
      j: () => this.move(this.inside ? 1 : 0),
      k: () => this.move(this.inside ? -1 : 0),
      r: () => this.part("textarea")?.focus(),
      o: () => this.part("[data-open]")?.click(),
      u: () => document.querySelector("[data-undo]")?.click(),
    };
    doings[name]?.();
    return name in doings;
  }

  /** An element of the candidate in which the focus is. */
  part(what) {
    return this.candidates[this.here].querySelector(what);
  }

  /** Go to the next candidate, or the one before. */
  move(by) {
    const wanted = this.candidates[Math.min(Math.max(this.here + by, 0), this.candidates.length - 1)];
    wanted.focus();
    wanted.scrollIntoView({ block: "nearest" });
  }

  /** Choose the nth judgement, and go on to its reasons. */
  choose(nth) {
    const choice = this.candidates[this.here].querySelectorAll("input[type=radio]")[nth - 1];
    if (!choice) return false;
    choice.checked = true;
    this.part("textarea").focus();
    return true;
  }
}

customElements.define("dalil-queue", Queue);
