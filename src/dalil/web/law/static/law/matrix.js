/** A hypothesis by keyboard: move between elements, find what is empty, link a claim, open one. */

class Matrix extends HTMLElement {
  connectedCallback() {
    this.elements = [...this.querySelectorAll(".element")];
    this.listening = (event) => this.key(event);
    document.addEventListener("keydown", this.listening);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listening);
  }

  /** Where the focus is among the elements; -1: in none of them. */
  get here() {
    return this.elements.indexOf(document.activeElement?.closest(".element"));
  }

  key(event) {
    const typing = event.target.matches("textarea, select, input");
    if (typing || event.altKey || event.metaKey || event.ctrlKey) return;
    const doings = {
      j: () => this.go(this.here + 1),
      k: () => this.go(Math.max(this.here, 0) - 1),
      e: () => this.empty(),
      l: () => this.part("[data-bear]")?.click(),
      o: () => this.part("[data-open]")?.click(),
    };
    const doing = doings[event.key.toLowerCase()];
    if (!doing) return;
    event.preventDefault();
    doing();
  }

  part(what) {
    return this.elements[Math.max(this.here, 0)]?.querySelector(what);
  }

  go(place) {
    const wanted = this.elements[Math.min(Math.max(place, 0), this.elements.length - 1)];
    wanted?.focus();
    wanted?.scrollIntoView({ block: "nearest" });
  }

  /** Go to the next element for which nothing is there, from the first again after the last. */
  empty() {
    const after = this.elements.slice(this.here + 1).concat(this.elements);
    const wanted = after.find((each) => each.dataset.state === "empty");
    if (wanted) this.go(this.elements.indexOf(wanted));
  }
}

customElements.define("dalil-matrix", Matrix);
