/** Two clips as stills of the same moments: covered until asked, by keyboard, counted for both. */

import { say } from "/static/frame/words.js";
import { Seen } from "./seen.js";
import { Times } from "./times.js";

const KEYS = { " ": "show", ",": "back", ".": "on", t: "turn" };

/** One of the two: its times, and its film once the cover is off. */
class Side {
  constructor(figure) {
    this.figure = figure;
    this.video = null;
    this.frame = null;
  }

  /** Fetch the times: numbers, no pictures. Whether the look is open. */
  async begin() {
    const answer = await fetch(this.figure.dataset.times);
    if (answer.ok) this.times = new Times(await answer.arrayBuffer());
    return answer.ok;
  }

  /** Make the film, standing still. */
  make(failed) {
    const { film, width, height } = this.figure.dataset;
    const video = document.createElement("video");
    video.muted = true;
    video.preload = "auto";
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.disableRemotePlayback = true;
    video.tabIndex = -1;
    video.width = Number(width);
    video.height = Number(height);
    video.addEventListener("contextmenu", (event) => event.preventDefault());
    video.addEventListener("error", () => this.video === video && failed());
    video.src = film;
    this.video = video;
    this.figure.querySelector(".picture").append(video);
  }

  /** Show the picture at a time stamp of the original. */
  go(pts) {
    this.frame = this.times.of(pts, this.figure.dataset.timebase);
    this.figure.querySelector("output").value = this.times.clock(this.frame);
    if (this.video) this.video.currentTime = this.times.within(this.frame);
  }

  /** Let go of the pictures. */
  drop() {
    const { video } = this;
    this.video = null;
    if (!video) return;
    video.removeAttribute("src");
    video.load();
    video.remove();
  }

  /** The picture that somebody can see now, or null. */
  get onScreen() {
    return this.video && this.video.readyState > 1 ? this.frame : null;
  }
}

class Together extends HTMLElement {
  connectedCallback() {
    this.moments = JSON.parse(this.dataset.moments);
    this.at = 0;
    this.rested = false;
    this.sides = [...this.querySelectorAll("figure")].map((each) => new Side(each));
    for (const each of this.querySelectorAll("[data-do]")) {
      each.addEventListener("click", () => this.act(each.dataset.do));
    }
    this.turning?.addEventListener("change", () => this.turn());
    this.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.cover());
    document.addEventListener("visibilitychange", () => document.hidden && this.cover());
    this.begin();
  }

  get turning() {
    return this.querySelector("[data-set=turn]");
  }

  async begin() {
    const open = await Promise.all(this.sides.map((each) => each.begin()));
    if (open.includes(false)) return this.over();
    this.seen = this.sides.map((each) =>
      new Seen(each.figure.dataset.seen, () => each.onScreen, (day) => this.heard(day)));
    this.dataset.ready = "";
    return undefined;
  }

  /** Do what a button or key says. */
  act(name) {
    const doings = {
      show: () => this.show(),
      cover: () => this.cover(),
      back: () => this.go(this.at - 1),
      on: () => this.go(this.at + 1),
      turn: () => this.turning && (this.turning.checked = !this.turning.checked, this.turn()),
    };
    doings[name]?.();
  }

  /** A key, while the focus is in here. */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && event.target.matches("input, button")) return;
    const name = KEYS[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    this.act(name);
  }

  /** Take the cover off; only now are pictures asked for. */
  show() {
    if (!this.seen || this.closed || this.uncovered) return;
    for (const each of this.sides) each.make(() => this.tell(say("unplayable")));
    this.uncover(true);
    this.turn();
    this.go(this.at);
    for (const each of this.seen) each.wake();
    this.focus();
  }

  /** Put the cover back at once, and let go of the pictures. */
  cover() {
    if (!this.uncovered) return;
    for (const each of this.seen) each.step();
    for (const each of this.sides) each.drop();
    this.uncover(false);
    this.tell(say("covered"));
  }

  uncover(yes) {
    this.uncovered = yes;
    this.querySelector(".cover").hidden = yes;
    this.querySelector(".two").hidden = !yes;
    for (const each of this.querySelectorAll(".controls [data-do]")) each.disabled = !yes;
  }

  /** Show the nth moment of both. */
  go(n) {
    this.at = Math.min(Math.max(n, 0), this.moments.length - 1);
    if (!this.uncovered) return;
    this.sides.forEach((each, side) => each.go(this.moments[this.at][side]));
    this.tell(say("moment", { n: this.at + 1, count: this.moments.length }));
  }

  /** Lay the first picture as the second lies, whole within its place, or as it is. */
  turn() {
    const { video } = this.sides[0];
    if (!video) return;
    const turned = Number(this.dataset.turned);
    const [across, up] = [Math.cos, Math.sin].map((each) => Math.abs(each((turned * Math.PI) / 180)));
    const { width, height } = video;
    const fit = Math.min(width / (width * across + height * up), height / (width * up + height * across));
    const mirrored = "mirrored" in this.dataset ? " scaleX(-1)" : "";
    video.style.transform = this.turning?.checked ? `rotate(${turned}deg) scale(${fit})${mirrored}` : "";
  }

  /** The desk says how much was looked at today; null: a look is over. */
  heard(day) {
    if (day === null) return this.over();
    if (day.due && !this.rested) {
      this.rested = true;
      this.cover();
      this.tell(say("rest", { n: day.minutes, limit: day.limit }));
    }
    return undefined;
  }

  /** A look is over: cover, and leave it so. */
  over() {
    this.cover();
    this.closed = true;
    this.querySelector(".cover").disabled = true;
    this.tell(say("ended"));
  }

  tell(text) {
    this.querySelector("[data-show=told]").textContent = text;
  }
}

customElements.define("dalil-together", Together);
