/** <dalil-boxes for width height tile>: draws boxes on an empty grid into a textarea, x,y,w,h a line. */

import { number, say } from "/static/frame/words.js";

const SVG = "http://www.w3.org/2000/svg";

/** Make an element of the drawing. */
function shape(name, attributes, kind) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (kind) made.setAttribute("class", kind);
  return made;
}

/** Read a box, or null where a line is none. */
function boxOf(line) {
  const found = /^(\d{1,5}),(\d{1,5}),([1-9]\d{0,4}),([1-9]\d{0,4})$/.exec(line.trim());
  return found && found.slice(1).map(Number);
}

class Boxes extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    [this.w, this.h, this.tile] = ["width", "height", "tile"].map((each) => +this.getAttribute(each));
    this.at = [0, 0];
    this.corner = null;
    const viewBox = `0 0 ${this.w} ${this.h}`;
    this.svg = shape("svg", { viewBox, tabindex: "0", role: "application" });
    this.svg.setAttribute("aria-label", say("grid-name", { width: this.w, height: this.h }));
    this.hidden_ = shape("g", {});
    this.boxes = shape("g", {});
    this.cross = shape("path", {}, "cross");
    this.svg.append(this.hidden_, this.lines(), this.boxes, this.cross);
    this.told = document.createElement("output");
    this.append(this.svg, this.told);
    this.field.addEventListener("input", () => this.draw());
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.release(event));
    this.svg.addEventListener("pointercancel", () => this.drop());
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  /** The edges of tiles: what a box touches is hidden whole. */
  lines() {
    let path = "";
    for (let x = this.tile; x < this.w; x += this.tile) path += `M${x} 0V${this.h}`;
    for (let y = this.tile; y < this.h; y += this.tile) path += `M0 ${y}H${this.w}`;
    return shape("path", { d: path }, "tile");
  }

  /** The boxes that the textarea holds, cut to the picture. */
  read() {
    return this.field.value.split("\n").map(boxOf).filter(Boolean);
  }

  write(boxes) {
    this.field.value = boxes.map((each) => each.join(",")).join("\n");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  draw() {
    const boxes = this.read();
    const shown = this.corner ? [...boxes, this.between(this.corner, this.at)] : boxes;
    this.boxes.replaceChildren(
      ...shown.map(([x, y, width, height]) => shape("rect", { x, y, width, height }, "box")),
    );
    const tiles = this.touched(shown);
    const side = this.tile;
    this.hidden_.replaceChildren(
      ...tiles.map(([x, y]) => shape("rect", { x, y, width: side, height: side }, "hidden")),
    );
    const [x, y] = this.at;
    this.cross.setAttribute("d", `M${x - 9} ${y}h18M${x} ${y - 9}v18`);
    const all = Math.ceil(this.w / side) * Math.ceil(this.h / side);
    const where = say("grid-at", { x: number(x), y: number(y) });
    this.told.textContent = `${where} · ${say("grid-boxes", { n: shown.length, tiles: tiles.length, all })}`;
  }

  /** Left and top of every tile that a box touches. */
  touched(boxes) {
    const found = [];
    for (let y = 0; y < this.h; y += this.tile)
      for (let x = 0; x < this.w; x += this.tile)
        if (boxes.some(([bx, by, bw, bh]) =>
          bx < x + this.tile && bx + bw > x && by < y + this.tile && by + bh > y)) found.push([x, y]);
    return found;
  }

  between([x0, y0], [x1, y1]) {
    const [x, y] = [Math.min(x0, x1), Math.min(y0, y1)];
    return [x, y, Math.max(1, Math.abs(x1 - x0)), Math.max(1, Math.abs(y1 - y0))];
  }

  /** Keep the drawn box, where it has an area inside the picture. */
  keep() {
    const [x, y, w, h] = this.between(this.corner, this.at);
    this.corner = null;
    if (x < this.w && y < this.h) {
      this.write([...this.read(), [x, y, Math.min(w, this.w - x), Math.min(h, this.h - y)]]);
    } else this.draw();
  }

  drop() {
    this.corner = null;
    this.draw();
  }

  place(event) {
    const edges = this.svg.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.min(most, Math.max(0, value)));
    return [
      within(((event.clientX - edges.left) / edges.width) * this.w, this.w),
      within(((event.clientY - edges.top) / edges.height) * this.h, this.h),
    ];
  }

  press(event) {
    this.svg.setPointerCapture(event.pointerId);
    this.at = this.corner = this.place(event);
    this.dragged = true;
    this.draw();
  }

  move(event) {
    if (!this.dragged) return;
    this.at = this.place(event);
    this.draw();
  }

  release(event) {
    if (!this.dragged) return;
    this.dragged = false;
    this.at = this.place(event);
    if (this.corner && this.corner[0] !== this.at[0] && this.corner[1] !== this.at[1]) this.keep();
    else this.drop();
  }

  key(event) {
    const step = event.shiftKey ? 1 : this.tile;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (move) {
      this.at = [
        Math.min(this.w, Math.max(0, this.at[0] + move[0] * step)),
        Math.min(this.h, Math.max(0, this.at[1] + move[1] * step)),
      ];
      this.draw();
    } else if (event.key === "Enter") {
      if (this.corner) this.keep();
      else this.corner = this.at;
    } else if (event.key === "Delete" || event.key === "Backspace") this.write(this.read().slice(0, -1));
    else return;
    event.preventDefault();
  }
}

customElements.define("dalil-boxes", Boxes);
