/** `<dalil-upload>`: files and folders on their way to the archive, several at once. */

import { csrf, lang, number, say } from "/static/frame/words.js";
import { Refused, send } from "./sending.js";

const AT_ONCE = 2;
const ROWS = 200;
const SIZES = [["gb", 2 ** 30], ["mb", 2 ** 20], ["kb", 2 ** 10], ["b", 1]];
const SIGNED_OUT = [401, 403];
const NO_ROOM = 507;

/** Write a number of bytes as people read it. */
function size(octets) {
  const [unit, of] = SIZES.find(([, each]) => octets >= each) ?? SIZES.at(-1);
  const tenths = Math.floor((octets / of) * 10);
  const part = of > 1 ? `${lang === "ar" ? "٫" : "."}${number(tenths % 10)}` : "";
  return `${number(tenths / 10)}${part} ${say(unit)}`;
}

/** Yield the files of a folder that was dropped, each with its path. */
async function* walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    yield [file, entry.fullPath.slice(1)];
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return;
    for (const each of some) yield* walk(each);
  }
}

/** What makes two files one to go on with: path, bytes, and when it was last changed. */
function likeness(name, length, modified) {
  return JSON.stringify([name, length, modified]);
}

class DalilUpload extends HTMLElement {
  connectedCallback() {
    this.files = new Map();
    this.waiting = [];
    this.busy = 0;
    this.paused = false;
    this.ready = this.learn();
    for (const input of this.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => this.choose(input));
      // Somebody was quicker than this script, or the browser kept the choice over a reload.
      if (input.files.length) this.choose(input);
    }
    this.querySelector(".on").addEventListener("click", () => this.goOn());
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => this.dropped(event));
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
  }

  /** Learn from the desk what is here already, so that sending goes on. */
  async learn() {
    const answer = await fetch(this.dataset.address);
    const { files } = answer.ok ? await answer.json() : { files: [] };
    const body = this.querySelector("tbody");
    files.forEach((each, i) => {
      const row = i < ROWS ? body.rows[i] : null;
      const whole = each.arrived === each.length && each.sha256 !== "" && !each.differs;
      const key = likeness(each.name, each.length, each.modified);
      this.files.set(key, { ...each, row, whole, sent: each.arrived });
    });
    this.tell();
  }

  async choose(input) {
    await this.ready;
    for (const file of input.files) this.add(file, file.webkitRelativePath || file.name);
    input.value = "";
    this.work();
  }

  async dropped(event) {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((each) => each.webkitGetAsEntry());
    await this.ready;
    for (const entry of entries.filter(Boolean)) {
      for await (const [file, name] of walk(entry)) this.add(file, name);
    }
    this.work();
  }

  /** Put a file in the queue, unless it is here whole or on its way. */
  async add(file, name) {
    const key = likeness(name, file.size, file.lastModified);
    const known = this.files.get(key);
    if (known?.file || known?.whole) return;
    const entry = known ?? { name, length: file.size, sent: 0, url: "", row: this.newRow(name, file.size) };
    entry.file = file;
    this.files.set(key, entry);
    this.waiting.push(entry);
    this.state(entry, say("waiting"));
  }

  newRow(name, length) {
    const body = this.querySelector("tbody");
    this.querySelector("thead").hidden = false;
    if (body.rows.length >= ROWS) return null;
    const row = body.insertRow();
    const told = document.createElement("bdi");
    told.textContent = name;
    row.insertCell().append(told);
    const octets = row.insertCell();
    octets.className = "n";
    octets.textContent = number(length);
    row.insertCell();
    return row;
  }

  state(entry, words) {
    if (entry.row) entry.row.cells[2].textContent = words;
    this.tell();
  }

  /** Say how far all of it is, a few times a second at most. */
  tell() {
    if (this.telling) return;
    this.telling = requestAnimationFrame(() => {
      this.telling = 0;
      const all = [...this.files.values()];
      const whole = all.filter((each) => each.whole).length;
      const total = all.reduce((sum, each) => sum + each.length, 0);
      const sent = all.reduce((sum, each) => sum + each.sent, 0);
      const bar = this.querySelector(".all");
      bar.hidden = !all.length;
      bar.value = total ? sent / total : 1;
      const ended = all.length > 0 && whole === all.length;
      this.querySelector(".going-on")?.toggleAttribute("hidden", ended || this.busy > 0);
      this.toggleAttribute("data-ended", ended);
      const counts = { n: all.length, whole, done: size(sent), all: size(total) };
      const words = ended ? say("all-here") : this.trouble || (all.length ? say("progress", counts) : "");
      const line = this.querySelector(".told");
      if (line.textContent !== words) line.textContent = words;
    });
  }

  work() {
    while (!this.paused && this.busy < AT_ONCE && this.waiting.length) {
      const entry = this.waiting.shift();
      this.busy += 1;
      this.one(entry).finally(() => {
        this.busy -= 1;
        this.work();
        this.tell();
      });
    }
  }

  /** Send one file; what cannot go on now goes back into the queue, nothing is lost. */
  async one(entry) {
    const told = (sent) => {
      entry.sent = sent;
      this.trouble = "";
      this.state(entry, `${size(sent)} · ${say("sending")}`);
    };
    const comparing = () => this.state(entry, say("comparing"));
    try {
      if (entry.differs) await this.drop(entry);
      await send(this.dataset.address, entry.file, entry.name, entry.url, told, comparing);
      entry.whole = true;
      entry.sent = entry.length;
      this.trouble = "";
      this.state(entry, say("here"));
    } catch (error) {
      this.refused(entry, error instanceof Refused ? error.status : 0);
    }
  }

  /** Take away what arrived otherwise than it was read, to send it anew. */
  async drop(entry) {
    const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": csrf() };
    const answer = await fetch(entry.url, { method: "DELETE", headers });
    if (!answer.ok) throw new Refused(answer.status);
    Object.assign(entry, { url: "", differs: false, sent: 0 });
  }

  refused(entry, status) {
    if (SIGNED_OUT.includes(status) || status === 0) {
      this.trouble = say(status ? "signed-out" : "no-answer");
      this.paused = true;
      this.waiting.unshift(entry);
      this.querySelector(".on").hidden = false;
      return this.state(entry, say("waiting"));
    }
    entry.file = null;
    if (status === NO_ROOM) this.trouble = say("no-room");
    return this.state(entry, say(status === -1 ? "unreadable" : "refused"));
  }

  async goOn() {
    this.querySelector(".on").hidden = true;
    this.trouble = "";
    await this.relearn();
    this.paused = false;
    this.work();
  }

  /** Take over what a new login changed, and find addresses whose answer got lost. */
  async relearn() {
    const page = await fetch(location.href).catch(() => null);
    if (!page?.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("meta[name=csrf]")?.content;
    if (token) document.querySelector("meta[name=csrf]").content = token;
    const answer = await fetch(this.dataset.address).catch(() => null);
    if (!answer?.ok) return;
    for (const each of (await answer.json()).files) {
      const entry = this.files.get(likeness(each.name, each.length, each.modified));
      if (entry) entry.url = each.url;
    }
  }
}

customElements.define("dalil-upload", DalilUpload);
