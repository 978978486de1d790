/** The player: covered until asked, by keyboard, exact to the time stamp, warned of what comes. */

import { say } from "/static/frame/words.js";
import { Seen } from "./seen.js";
import { Times } from "./times.js";

const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];
const KEYS = {
  " ": "play", ",": "back", ".": "on", "<": "second-back", ">": "second-on", "[": "loop-from",
  "]": "loop-to", "\\": "loop-off", "-": "slower", "+": "faster", "=": "faster", s: "skip",
  m: "mute", Escape: "cover",
};
const SLACK = 0.001;

class Player extends HTMLElement {
  connectedCallback() {
    this.bands = JSON.parse(this.dataset.bands);
    this.video = null;
    this.times = null;
    this.loop = [null, null];
    this.passed = null;
    this.frame = 0;
    this.allowed = 0;
    this.part("cover").addEventListener("click", () => this.show());
    for (const each of this.querySelectorAll("[data-do]")) {
      if (each.dataset.do !== "show") {
        each.addEventListener("click", () => this.act(each.dataset.do));
      }
    }
    this.set("rate").addEventListener("change", (event) => this.rate(Number(event.target.value)));
    this.set("volume")?.addEventListener("input", () => this.loud());
    this.part("seek").addEventListener("input", (event) => this.go(Number(event.target.value)));
    this.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("dalil-seek", (event) => this.sought(event.detail));
    // The lanes may be open in another window: viewing/beside.js listens there.
    this.beside = new BroadcastChannel(`dalil-time-${this.dataset.item}`);
    this.beside.addEventListener("message", ({ data }) => data.seek && this.sought(data.seek));
    document.addEventListener("visibilitychange", () => document.hidden && this.cover());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.cover());
    for (const each of document.querySelectorAll("[data-go]")) {
      each.addEventListener("click", () => this.times && this.go(this.times.of(each.dataset.go, each.dataset.timebase)));
    }
    this.begin();
  }

  /** An element of the player by its class. */
  part(name) {
    return this.querySelector(`.${name}`);
  }

  /** A setting by its name. */
  set(name) {
    return this.querySelector(`[data-set="${name}"]`);
  }

  /** Where something is told. */
  told(name) {
    return this.querySelector(`[data-show="${name}"]`);
  }

  /** Fetch times and loudness: numbers, no pictures. */
  async begin() {
    const [times, peaks] = await Promise.all(
      [this.dataset.times, this.dataset.peaks].map((each) => fetch(each)),
    );
    if (!times.ok) return this.over();
    this.times = new Times(await times.arrayBuffer());
    this.part("seek").max = this.times.length - 1;
    this.write(0);
    if (peaks.ok) this.wave(new Uint8Array(await peaks.arrayBuffer()));
    this.seen = new Seen(this.dataset.seen, () => this.onScreen(), (day) => this.heard(day));
    this.dataset.ready = "";
  }

  /** The picture that somebody can see now, or null. */
  onScreen() {
    return this.video && !this.video.hidden && this.video.readyState > 1 ? this.frame : null;
  }

  /** Take the cover off; only now is there a video, and only now are pictures asked for. */
  show() {
    if (!this.times || this.resting || this.closed) return;
    if (!this.video) this.make();
    this.video.hidden = false;
    this.part("cover").hidden = true;
    this.enable(true);
    this.focus();
    this.seen.wake();
    if (!this.stop()) this.play();
  }

  /** Make the video, without poster and without loading ahead. */
  make() {
    const video = document.createElement("video");
    video.preload = "none";
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.disableRemotePlayback = true;
    video.setAttribute("controlslist", "nodownload noremoteplayback");
    video.tabIndex = -1;
    video.width = Number(this.dataset.width);
    video.height = Number(this.dataset.height);
    video.style.height = "auto";
    video.muted = !("sound" in this.dataset);
    video.addEventListener("contextmenu", (event) => event.preventDefault());
    video.addEventListener("click", () => this.act("play"));
    video.addEventListener("error", () => this.video === video && this.tell(say("unplayable")));
    video.addEventListener("ended", () => this.watch(this.times.at(this.times.length - 1)));
    video.addEventListener("timeupdate", () => video.paused || this.watch(video.currentTime));
    video.src = this.dataset.film;
    this.video = video;
    this.loud();
    this.rate(Number(this.set("rate").value));
    this.part("stage").append(video);
    video.currentTime = this.times.within(this.frame);
    this.follow();
  }

  /** Hear of each picture as it comes on the screen. */
  follow() {
    const { video } = this;
    if (!video.requestVideoFrameCallback) {
      video.addEventListener("seeked", () => this.watch(video.currentTime));
      return;
    }
    const next = (_, about) => {
      if (this.video !== video) return;
      this.watch(about.mediaTime);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }

  /** A picture is on the screen: write where it is, loop, stop before what is tagged. */
  watch(seconds) {
    this.write(this.times.index(seconds));
    const [from, to] = this.loop;
    if (to !== null && this.frame >= to && !this.video.paused) return this.go(from ?? 0, true);
    if (!this.video.paused) this.stop();
  }

  /** Write place, frame and time stamp, and tell the other elements of the page. */
  write(index) {
    this.frame = index;
    const { times } = this;
    this.told("time").value = times.clock(index);
    this.told("frame").value = times.number < 0 ? "–" : String(times.number + index);
    this.told("pts").value = `${times.pts[index]} · ${times.tick.join("/")}`;
    this.part("seek").value = index;
    this.part("seek").setAttribute("aria-valuetext", times.clock(index));
    this.part("head").style.left = `${(100 * times.at(index)) / Number(this.dataset.seconds)}%`;
    const detail = { pts: String(times.pts[index]), timebase: times.tick.join("/") };
    detail.frame = times.number < 0 ? null : times.number + index;
    this.dispatchEvent(new CustomEvent("dalil-time", { bubbles: true, composed: true, detail }));
    this.beside.postMessage({ at: detail });
  }

  /** Whether a band is one before which to stop. */
  tagged(band) {
    if (band.severity === null) return this.set("unknown").checked;
    return band.severity >= Number(this.set("tagged").value);
  }

  /** The tagged stretch that begins within some seconds, or in which this is; bands that touch are one. */
  next() {
    const now = this.times.at(this.frame);
    const ahead = Math.max(0, Number(this.set("before").value) || 0);
    for (let n = 0; n < this.bands.length; n += 1) {
      const band = this.bands[n];
      if (!this.tagged(band) || band.end <= now + SLACK || band.start > now + ahead) continue;
      let { end, severity } = band;
      for (const each of this.bands.slice(n + 1)) {
        if (!this.tagged(each) || each.start > end + SLACK) break;
        end = each.end;
        severity = Math.max(severity ?? 0, each.severity ?? 0) || null;
      }
      return { start: band.start, end, severity };
    }
    return null;
  }

  /** Stop before a tagged stretch, once; or skip it, where that was chosen. */
  stop() {
    const found = this.next();
    if (!found || (this.passed !== null && found.end <= this.passed + SLACK)) return false;
    if (this.set("skip-all").checked) {
      if (this.times.at(this.frame) < found.start - SLACK) return false;
      return this.jump(found);
    }
    this.passed = found.end;
    this.video.pause();
    const wait = Math.max(0, found.start - this.times.at(this.frame));
    const values = { n: Math.round(wait), length: Math.ceil(found.end - found.start) };
    values.severity = found.severity ?? 0;
    this.tell(say(found.severity === null ? "ahead-unknown" : "ahead", values));
    return true;
  }

  /** Go to the first picture after a stretch; at the end of all, stop and cover. */
  jump(found) {
    this.tell(say("skipped", { length: Math.ceil(found.end - found.start) }));
    const after = this.times.index(found.end + SLACK);
    if (this.times.at(after) < found.end - SLACK) {
      this.cover();
      this.write(this.times.length - 1);
    } else this.go(after, true);
    return true;
  }

  /** Do what a button or key says. */
  act(name) {
    if (name === "cover") return this.cover();
    if (name === "more") return this.more();
    if (!this.video || this.video.hidden) return name === "play" ? this.show() : undefined;
    const second = (by) => this.go(this.times.index(Math.max(0, this.times.at(this.frame) + by)));
    const doings = {
      play: () => (this.video.paused ? this.play() : this.video.pause()),
      back: () => this.go(this.frame - 1),
      on: () => this.go(this.frame + 1),
      "second-back": () => second(-1),
      "second-on": () => second(1),
      "loop-from": () => (this.loop[0] = this.frame),
      "loop-to": () => (this.loop[1] = this.frame),
      "loop-off": () => (this.loop = [null, null]),
      slower: () => this.nextRate(-1),
      faster: () => this.nextRate(1),
      skip: () => this.skip(),
      mute: () => "sound" in this.dataset && (this.video.muted = !this.video.muted),
    };
    return doings[name]?.();
  }

  /** Play on, from the start where it had come to the end. */
  play() {
    if (this.frame >= this.times.length - 1) this.go(this.loop[0] ?? 0, true);
    this.video.play().catch(() => {});
  }

  /** Skip the tagged stretch in which or before which this is. */
  skip() {
    const found = this.next() ?? this.bands.find((each) => each.end > this.times.at(this.frame) + SLACK);
    if (found) this.jump(found);
  }

  /** Show picture `index`; unless `on`, paused there. */
  go(index, on = false) {
    const wanted = Math.min(Math.max(index, 0), this.times.length - 1);
    if (wanted < this.frame) this.passed = null;
    if (!this.video || this.video.hidden) return this.write(wanted);
    if (!on) this.video.pause();
    this.write(wanted);
    this.video.preload = "auto";
    this.video.currentTime = this.times.within(wanted);
    return undefined;
  }

  /** Go where another element of the page points. */
  sought(detail) {
    if (this.times && detail?.timebase) this.go(this.times.of(detail.pts, detail.timebase));
  }

  /** Put the cover back at once, and let go of the pictures. */
  cover() {
    if (!this.video) return;
    this.seen?.step();
    this.video.pause();
    this.video.hidden = true;
    this.video.removeAttribute("src");
    this.video.load();
    this.video.remove();
    this.video = null;
    this.part("cover").hidden = false;
    this.enable(false);
    this.passed = null;
    this.tell(say("covered"));
  }

  /** Let the controls be used, or not. */
  enable(yes) {
    for (const each of this.querySelectorAll(".controls [data-do], .seek")) each.disabled = !yes;
  }

  /** Set how fast it plays. */
  rate(value) {
    this.set("rate").value = String(value);
    if (this.video) this.video.defaultPlaybackRate = this.video.playbackRate = value;
  }

  /** The next rate in the list. */
  nextRate(by) {
    const at = RATES.indexOf(Number(this.set("rate").value));
    this.rate(RATES[Math.min(Math.max(at + by, 0), RATES.length - 1)]);
  }

  /** Set how loud it is. */
  loud() {
    if (this.video && this.set("volume")) this.video.volume = Number(this.set("volume").value) / 100;
  }

  /** A key, while the player has the focus. */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("select, [type=number]")) return;
    if (event.key === " " && event.target.matches("input, button")) return;
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || name === "cover") return;
    event.preventDefault();
    this.act(name);
  }

  /** The desk says how much was looked at today; null: the look is over. */
  heard(day) {
    if (day === null) return this.over();
    if (day.due && day.minutes >= day.limit + this.allowed) {
      this.cover();
      this.resting = true;
      this.told("rest").textContent = say("rest", { n: day.minutes, limit: day.limit });
      this.part("rest").hidden = false;
      this.part("cover").disabled = true;
      this.minutes = day.minutes - day.limit;
    }
    return undefined;
  }

  /** Go on for ten minutes. */
  more() {
    this.allowed = this.minutes + 10;
    this.resting = false;
    this.part("rest").hidden = true;
    this.part("cover").disabled = false;
    this.part("cover").focus();
  }

  /** The look is over: cover, and leave it so. */
  over() {
    this.cover();
    this.closed = true;
    this.part("cover").disabled = true;
    this.tell(say("ended"));
  }

  /** Draw how loud it is. */
  wave(peaks) {
    if (!peaks.length) return;
    const canvas = this.part("wave");
    canvas.hidden = false;
    const drawn = canvas.getContext("2d");
    drawn.fillStyle = getComputedStyle(canvas).color;
    const { width, height } = canvas;
    peaks.forEach((peak, n) => {
      const high = Math.max(1, (peak / 255) * height);
      drawn.fillRect((n * width) / peaks.length, (height - high) / 2, 1, high);
    });
  }

  /** Say something of the state, for eyes and screen readers. */
  tell(text) {
    this.told("told").textContent = text;
  }
}

customElements.define("dalil-player", Player);
