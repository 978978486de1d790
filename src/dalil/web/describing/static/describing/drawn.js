/** Draws the lanes that are in view on a canvas, and tells what lies under a point. */

import { firstAfter } from "./marks.js";

export const ROW = 26;
const RULER = 28;
const GAP = 10;
const GRIP = 6;
const LETTER = 8;
const STEPS = [40, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000, 600000, 3600000];

export class Drawn {
  constructor(canvas, marks, time) {
    Object.assign(this, { canvas, marks, time, context: canvas.getContext("2d") });
    this.view = { left: 0, top: 0, width: 0, height: 0, scale: 1 };
    this.rtl = document.documentElement.dir === "rtl";
    this.recolour();
  }

  /** Read the page's colours and letters; again when the page turns dark. */
  recolour() {
    const style = getComputedStyle(this.canvas);
    const of = (name) => style.getPropertyValue(name).trim();
    this.colour = Object.fromEntries(
      ["paper", "quiet", "line", "edge", "faint", "ink", "held", "split"].map((name) => [name, of(`--${name}`)]),
    );
    const family = style.fontFamily;
    this.fonts = { small: `13px ${family}`, code: `12px PlexMono, monospace` };
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.inlineSize = `${width}px`;
    this.canvas.style.blockSize = `${height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.view.width = width;
    this.view.height = height;
    this.gutter = Math.min(150, Math.round(width * 0.28));
  }

  /** How high all lanes are, and where each begins. */
  placed() {
    let top = RULER;
    const found = this.marks.lanes.map((name) => {
      const rows = Math.max(this.marks.rows(name).length, 1);
      const lane = { name, top, height: rows * ROW + GAP };
      top += lane.height;
      return lane;
    });
    return { lanes: found, height: top + GAP };
  }

  get origin() {
    return this.rtl ? 0 : this.gutter;
  }

  /** Where a tick lies across the canvas. Time runs as in every player: from left to right. */
  x(ticks) {
    return this.origin + ticks * this.view.scale - this.view.left;
  }

  ticks(x) {
    return (x - this.origin + this.view.left) / this.view.scale;
  }

  draw({ cursor, selected, lane, picked }) {
    const { context, colour } = this;
    const { width, height } = this.view;
    context.fillStyle = colour.paper;
    context.fillRect(0, 0, width, height);
    const span = width - this.gutter;
    const from = this.ticks(this.origin);
    const to = this.ticks(this.origin + span);
    const { lanes } = this.placed();
    context.save();
    context.beginPath();
    context.rect(this.origin, 0, span, height);
    context.clip();
    this.drawEnd(to, span, height);
    for (const each of lanes) {
      const top = each.top - this.view.top;
      if (top > height || top + each.height < RULER) continue;
      if (each.name === lane) {
        context.fillStyle = colour.quiet;
        context.fillRect(this.origin, top, span, each.height);
      }
      this.rule(top + each.height, width);
      this.marks.rows(each.name).forEach((row, place) => {
        const y = top + GAP / 2 + place * ROW;
        if (y < height && y + ROW > RULER) this.drawRow(row, y, from, to, selected, picked);
      });
    }
    this.drawRuler(from, to, span, cursor, height);
    context.restore();
    this.drawNames(lanes, lane);
  }

  drawRow(row, y, from, to, selected, picked) {
    let covered = -1;
    for (let place = firstAfter(row, from); place < row.length && row[place].start <= to; place++) {
      const mark = row[place];
      const x = this.x(mark.start);
      const end = Math.max(this.x(mark.end), x + 2);
      const chosen = mark.id === selected || picked.has(mark.id);
      // So far out that several fall on one pixel: one of them says as much.
      if (end <= covered + 1 && !chosen) continue;
      covered = end;
      this.drawMark(mark, x, y, end - x, mark.id === selected, picked.has(mark.id));
    }
  }

  drawMark(mark, x, y, wide, selected, picked) {
    const { context, colour } = this;
    const high = ROW - 4;
    context.fillStyle = selected ? colour.paper : colour.quiet;
    context.fillRect(x, y, wide, high);
    context.strokeStyle = selected || picked ? colour.ink : colour.edge;
    context.lineWidth = selected || picked ? 2 : 1;
    if (wide > 4) {
      context.setLineDash(mark.basis === "inference" ? [4, 3] : []);
      context.strokeRect(x + 0.5, y + 0.5, Math.max(wide - 1, 1), high - 1);
      context.setLineDash([]);
    } else {
      context.fillStyle = context.strokeStyle;
      context.fillRect(x, y, Math.max(wide, 1), high);
    }
    if (mark.severity) {
      context.fillStyle = colour.faint;
      context.fillRect(x, y + high - mark.severity, wide, mark.severity);
    }
    if (this.marks.isUnsigned(mark.id)) {
      context.fillStyle = colour.split;
      context.fillRect(x, y, Math.min(3, wide), high);
    }
    const room = Math.floor((wide - 12) / LETTER);
    if (room < 2) return;
    const said = mark.shown ?? "";
    context.fillStyle = colour.ink;
    context.font = this.fonts.small;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(said.length > room ? `${said.slice(0, room - 1)}…` : said, x + 7, y + high / 2, wide - 10);
  }

  drawEnd(to, span, height) {
    if (!this.time.measured || to <= this.time.end) return;
    const x = this.x(this.time.end);
    this.context.fillStyle = this.colour.quiet;
    this.context.fillRect(x, 0, this.origin + span - x, height);
  }

  drawRuler(from, to, span, cursor, height) {
    const { context, colour, time } = this;
    context.fillStyle = colour.paper;
    context.fillRect(this.origin, 0, span, RULER);
    this.rule(RULER, this.view.width);
    const perMilli = this.view.scale * time.ticksOf(1);
    const step = STEPS.find((each) => each * perMilli > 110) ?? STEPS.at(-1);
    context.font = this.fonts.code;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillStyle = colour.faint;
    for (let at = Math.max(Math.floor(time.millis(from) / step) * step, 0); at <= time.millis(to); at += step) {
      const x = this.x(time.ticksOf(at));
      context.fillRect(x, RULER - 6, 1, 6);
      const code = time.code(time.ticksOf(at + 0.5));
      context.fillText(step < 1000 ? code : code.slice(0, 8), x + 4, RULER / 2);
    }
    const x = this.x(cursor);
    context.fillStyle = colour.ink;
    context.fillRect(x - 0.5, 0, 1.5, height);
  }

  drawNames(lanes, current) {
    const { context, colour, rtl } = this;
    const start = rtl ? this.view.width - this.gutter : 0;
    context.save();
    context.beginPath();
    context.rect(start, 0, this.gutter, this.view.height);
    context.clip();
    context.fillStyle = colour.paper;
    context.fillRect(start, 0, this.gutter, this.view.height);
    context.font = this.fonts.small;
    context.textBaseline = "top";
    context.direction = rtl ? "rtl" : "ltr";
    context.textAlign = rtl ? "right" : "left";
    for (const each of lanes) {
      const top = each.top - this.view.top;
      if (top > this.view.height || top + each.height < RULER) continue;
      this.rule(top + each.height, this.view.width);
      context.fillStyle = each.name === current ? colour.ink : colour.faint;
      const room = this.gutter - 12;
      context.fillText(each.name, rtl ? this.view.width : 0, top + GAP / 2 + 3, room);
    }
    context.fillStyle = colour.paper;
    context.fillRect(start, 0, this.gutter, RULER);
    this.rule(RULER, this.view.width);
    context.restore();
  }

  rule(y, width) {
    this.context.fillStyle = this.colour.line;
    this.context.fillRect(0, Math.round(y) - 1, width, 1);
  }

  /** What lies under a point: lane, mark, and whether at one of its ends. */
  under(x, y) {
    const ticks = this.ticks(x);
    const lane = this.placed().lanes.find((each) => {
      const top = each.top - this.view.top;
      return y >= Math.max(top, RULER) && y < top + each.height;
    });
    if (!lane || y < RULER) return { ticks, lane: null, mark: null, edge: null };
    const place = Math.floor((y - (lane.top - this.view.top) - GAP / 2) / ROW);
    const row = this.marks.rows(lane.name)[place] ?? [];
    const reach = GRIP / this.view.scale;
    for (let i = Math.max(firstAfter(row, ticks - reach) - 1, 0); i < row.length; i++) {
      const mark = row[i];
      if (mark.start - reach > ticks) break;
      if (ticks > mark.end + reach) continue;
      const wide = (mark.end - mark.start) * this.view.scale > 3 * GRIP;
      const near = (end) => wide && Math.abs(ticks - end) <= reach;
      const edge = near(mark.start) ? "start" : near(mark.end) ? "end" : null;
      return { ticks, lane: lane.name, mark, edge };
    }
    return { ticks, lane: lane.name, mark: null, edge: null };
  }
}
