/** The pointer on the lanes: choose, drag an end or the whole, draw a new stretch, come nearer. */

const STILL = 4;

/** Let `lanes` be worked with a pointer on its canvas. */
export function pointed(lanes, scroller, canvas) {
  let held = null;

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return lanes.drawn.under(event.clientX - box.x, event.clientY - box.y);
  };

  function down(event) {
    if (event.button !== 0 || event.target !== canvas) return;
    const hit = point(event);
    if (hit.mark && lanes.picking) return lanes.toggleGround(hit.mark.id);
    scroller.setPointerCapture(event.pointerId);
    lanes.lane = hit.lane ?? lanes.lane;
    if ((hit.mark?.id ?? null) !== lanes.selected) lanes.select(hit.mark?.id ?? null);
    held = { ...hit, from: hit.ticks, moved: false };
    if (!hit.mark) lanes.seekTo(lanes.time.snap(hit.ticks));
  }

  function move(event) {
    if (!held) {
      scroller.style.cursor = point(event).edge && lanes.may ? "ew-resize" : "";
      return;
    }
    const { ticks } = point(event);
    const still = Math.abs(ticks - held.from) * lanes.drawn.view.scale < STILL;
    if (!lanes.may || (!held.moved && still)) return;
    held.moved = true;
    if (held.mark) drag(ticks - held.from);
    else {
      held.to = lanes.time.snap(ticks);
      lanes.seekTo(held.to);
    }
  }

  function drag(by) {
    const { mark, edge } = held;
    let { start, end } = mark;
    if (edge === "start") start = Math.min(lanes.time.snap(start + by), end);
    else if (edge === "end") end = Math.max(lanes.time.snap(end + by), start);
    else {
      start = lanes.time.snap(mark.start + by);
      end = Math.max(lanes.time.snap(start + mark.end - mark.start), start);
    }
    lanes.marks.drag(mark.id, lanes.times(start, end));
  }

  function up() {
    const was = held;
    held = null;
    if (!was) return;
    lanes.marks.drop();
    if (was.mark && was.moved) lanes.changed();
    else if (was.to !== undefined && was.lane) {
      const from = lanes.time.snap(was.from);
      lanes.add(Math.min(from, was.to), Math.max(from, was.to), was.lane);
    }
  }

  scroller.addEventListener("pointerdown", down);
  scroller.addEventListener("pointermove", move);
  scroller.addEventListener("pointerup", up);
  scroller.addEventListener("pointercancel", up);
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    lanes.zoom(Math.exp(-event.deltaY / 300), point(event).ticks);
  }, { passive: false });
}
