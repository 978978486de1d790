/** What the drawing elements share: reading their data, words of failure, the page's colours. */
import { say } from "../frame/words.js";

/** The value of one of the page's colours. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A <div> or another tag with a class and a text. */
export function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** An element that reads JSON from `src` and draws it once; `draw(data)` is the child's. */
export class Drawn extends HTMLElement {
  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", this.getAttribute("label") ?? "");
    const data = await this.read();
    if (data === null) return;
    try {
      await this.draw(data);
      this.dataset.drawn = "yes";
    } catch (fault) {
      console.warn(fault);
      this.tell("cannot-draw");
    }
  }

  async read() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { accept: "application/json" } });
      if (answer.ok) return await answer.json();
    } catch {
      // Told below, as an answer that is none.
    }
    this.tell("cannot-read");
    return null;
  }

  /** Say why there is no picture; the list beside has everything. */
  tell(key) {
    this.replaceChildren(made("p", "pictures-said", say(key)));
    this.dataset.drawn = "no";
    this.style.blockSize = "auto";
  }

  /** Buttons below the picture: [word, what it does] each. */
  tools(...buttons) {
    const row = made("div", "pictures-tools");
    for (const [key, act] of buttons) {
      const button = made("button", "plain", say(key));
      button.type = "button";
      button.addEventListener("click", act);
      row.append(button);
    }
    this.append(row);
  }
}

/** Call `redraw` when the page turns light or dark. */
export function onTheme(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
