/** A sheet of small stills: covered until asked; each still counts as seen while it is shown. */

import { csrf, say } from "/static/frame/words.js";
import { telling } from "./seen.js";
import { Times } from "./times.js";

const EVERY = 5000;

class Montage extends HTMLElement {
  connectedCallback() {
    this.stamps = JSON.parse(this.dataset.stamps);
    this.picture = null;
    this.querySelector(".cover").addEventListener("click", () => this.show());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    document.addEventListener("visibilitychange", () => document.hidden && this.hide());
    addEventListener("pagehide", () => this.tell(true));
    setInterval(() => this.tell(), EVERY);
    telling(this);
    this.begin();
  }

  /** Fetch the times: numbers, no pictures. */
  async begin() {
    const answer = await fetch(this.dataset.times);
    if (!answer.ok) return;
    this.times = new Times(await answer.arrayBuffer());
    this.stills = this.stamps.map((each) => this.times.of(each, this.dataset.timebase));
    this.dataset.ready = "";
  }

  /** Take the cover off; only now is the sheet asked for. */
  show() {
    if (!this.times || this.picture) return;
    const picture = document.createElement("img");
    picture.alt = "";
    picture.addEventListener("load", () => (this.since = performance.now()));
    picture.addEventListener("error", () => {
      this.hide();
      this.querySelector(".told").textContent = say("ended");
    });
    picture.addEventListener("contextmenu", (event) => event.preventDefault());
    picture.src = this.dataset.picture;
    this.picture = picture;
    this.querySelector(".cover").after(picture);
    this.querySelector(".cover").hidden = true;
    const told = this.querySelector("[data-show=times]");
    told.textContent = this.stills.map((each) => this.times.clock(each)).join(" · ");
    told.hidden = false;
    this.focus();
  }

  /** Put the cover back, and let go of the sheet. */
  hide() {
    if (!this.picture) return;
    this.tell();
    this.picture.remove();
    this.picture = null;
    this.querySelector(".cover").hidden = false;
    this.querySelector("[data-show=times]").hidden = true;
  }

  /** Tell the desk for how long the stills were on the screen: each its share. */
  async tell(leaving = false) {
    if (!this.picture || !this.since) return;
    const now = performance.now();
    const share = Math.round((now - this.since) / this.stills.length);
    this.since = this.picture ? now : null;
    const body = JSON.stringify({ seen: this.stills.map((each) => [each, each, share]) });
    const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json" };
    const said = { method: "POST", headers, body, keepalive: leaving };
    await fetch(this.dataset.seen, said).catch(() => {});
  }
}

customElements.define("dalil-montage", Montage);
