/** <dalil-timeline src label>: lanes of dated records; what is unsure about a date is hatched. */
import { DataSet, Timeline, moment } from "../vendor/vis-timeline.js";
import { Drawn, made } from "./element.js";

const DAY = 86400000;
const LOCALE = document.documentElement.lang === "ar" ? "ar-SY-u-nu-arab" : "en-GB";
const FORMATS = {
  year: { year: "numeric" },
  month: { month: "short" },
  day: { day: "numeric" },
  hour: { hour: "2-digit", minute: "2-digit" },
};

/** Write a moment for the axis; `major` is the coarser line above. */
function axis(when, scale, major) {
  const fine = ["millisecond", "second", "minute", "hour"].includes(scale);
  const format = major
    ? fine ? { day: "numeric", month: "long", year: "numeric" }
      : scale === "month" ? FORMATS.year
      : scale === "year" ? null
      : { month: "long", year: "numeric" }
    : fine ? FORMATS.hour : scale === "week" || scale === "weekday" ? FORMATS.day : FORMATS[scale];
  return format ? new Intl.DateTimeFormat(LOCALE, { ...format, timeZone: "UTC" }).format(when.valueOf()) : "";
}

/** The first and last days that any row knows, as instants. */
function reach(rows) {
  const days = rows.flatMap((row) => [row.s_min, row.s_max, row.e_min, row.e_max]).filter(Boolean);
  const instants = days.map((day) => Date.parse(day));
  return [Math.min(...instants), Math.max(...instants) + DAY];
}

/** A row as vis-timeline draws it: a point, or a bar whose sure part lies between --a and --b. */
function drawn(row, [from, to]) {
  const pad = (to - from) * 0.04 + DAY;
  const at = (day, otherwise) => (day ? Date.parse(day) : otherwise);
  const start = at(row.s_min, from - pad);
  const end = at(row.e_max, null) === null ? to + pad : at(row.e_max) + DAY;
  const content = made("span", "", row.said);
  const item = { id: row.id, group: row.lane, content, title: `${row.when}`, address: row.address };
  if (end - start <= DAY) return { ...item, start: start + DAY / 2, type: "point" };
  const sureFrom = at(row.s_max, start);
  const sureTo = row.e_min ? at(row.e_min) + DAY : end;
  const share = (instant) => `${Math.max(0, Math.min(100, (100 * (instant - start)) / (end - start)))}%`;
  const sure = sureFrom < sureTo && !row.vague;
  const style = sure ? `--a:${share(sureFrom)};--b:${share(sureTo)}` : "--a:100%;--b:100%";
  return { ...item, start, end, style, type: "range", limitSize: false };
}

class DalilTimeline extends Drawn {
  draw(data) {
    if (!data.rows.length) {
      this.hidden = true;
      return;
    }
    const span = reach(data.rows);
    const groups = data.lanes
      .filter((lane) => data.rows.some((row) => row.lane === lane.id))
      .map((lane) => ({ id: lane.id, content: made("span", "", lane.name) }));
    const items = new DataSet(data.rows.map((row) => drawn(row, span)));
    const room = Math.max((span[1] - span[0]) * 0.1, 5 * DAY);
    const timeline = new Timeline(this, items, groups, {
      rtl: document.documentElement.dir === "rtl",
      moment: (when) => moment(when).utc(),
      start: span[0] - room,
      end: span[1] + room,
      min: span[0] - 20 * room,
      max: span[1] + 20 * room,
      zoomMin: 2 * DAY,
      maxHeight: "32rem",
      verticalScroll: true,
      horizontalScroll: false,
      zoomKey: "ctrlKey",
      stack: true,
      orientation: "top",
      showCurrentTime: false,
      tooltip: { delay: 100 },
      format: {
        minorLabels: (when, scale) => axis(when, scale, false),
        majorLabels: (when, scale) => axis(when, scale, true),
      },
    });
    timeline.on("doubleClick", ({ item }) => {
      const row = data.rows.find((each) => each.id === item);
      if (row) location.assign(row.address);
    });
    this.timeline = timeline;
    // What scrolls is reached by keyboard, as soon as it has something to scroll.
    timeline.on("changed", () => {
      for (const each of this.querySelectorAll(".vis-vertical-scroll")) each.tabIndex = 0;
    });
    this.tools(
      ["nearer", () => timeline.zoomIn(0.5)],
      ["farther", () => timeline.zoomOut(0.5)],
      ["whole", () => timeline.fit()],
    );
  }
}

customElements.define("dalil-timeline", DalilTimeline);
