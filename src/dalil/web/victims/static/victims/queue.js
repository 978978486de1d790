/** The queue by keyboard: move, choose a judgement, go to its reasons, sign, open, take back. */

const VERDICTS = { s: "same", d: "different", u: "unsure" };

class Victims extends HTMLElement {
  connectedCallback() {
    this.candidates = [...this.querySelectorAll(".candidate")];
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** The pair in which the focus is, or the first. */
  get here() {
    const found = document.activeElement?.closest(".candidate");
    return Math.max(0, this.candidates.indexOf(found));
  }

  /** Whether the focus is in a pair at all. */
  get inside() {
    return Boolean(document.activeElement?.closest(".candidate"));
  }

  key(event) {
    if (event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key === "Enter" && event.target.form?.matches(".judge")) event.target.form.requestSubmit();
      return;
    }
    if (event.target.matches("textarea, select, input:not([type=radio])")) {
      if (event.key === "Escape") event.target.closest(".candidate")?.focus();
      return;
    }
    // By the key's place: on an Arabic keyboard J and S bear other letters.
    const name = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
    if (name in VERDICTS ? this.choose(VERDICTS[name]) : this.act(name)) event.preventDefault();
  }

  /** Do what a letter says; whether it said anything. */
  act(name) {
    const doings = {
      j: () => this.move(this.inside ? 1 : 0),
      k: () => this.move(this.inside ? -1 : 0),
      r: () => this.part("textarea")?.focus(),
      o: () => this.part("[data-open]")?.click(),
      z: () => document.querySelector("[data-undo]")?.click(),
    };
    doings[name]?.();
    return name in doings;
  }

  /** An element of the pair in which the focus is. */
  part(what) {
    return this.candidates[this.here].querySelector(what);
  }

  /** Go to the next pair, or the one before. */
  move(by) {
    const wanted = this.candidates[Math.min(Math.max(this.here + by, 0), this.candidates.length - 1)];
    wanted.focus();
    wanted.scrollIntoView({ block: "nearest" });
  }

  /** Choose a judgement, and go on to its reasons. */
  choose(verdict) {
    const choice = this.part(`input[type=radio][value=${verdict}]`);
    if (!choice) return false;
    choice.checked = true;
    this.part("textarea").focus();
    return true;
  }
}

customElements.define("dalil-victims", Victims);
