/** The keys of the lanes: which press does what. The page's list of keys names the same. */

/** A press as it is named here; letters by their place on the keyboard, whatever is written there. */
export function combination(event) {
  const held = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.shiftKey ? "Shift" : ""].filter(Boolean);
  const name = { Equal: "Plus", NumpadAdd: "Plus", Minus: "Minus", NumpadSubtract: "Minus" }[event.code] ?? event.code;
  return [...held, name].join("+");
}

const SECOND = 1000;

function second(lanes, by) {
  lanes.seekTo(lanes.time.snap(lanes.cursor + by * lanes.time.ticksOf(SECOND)));
}

export const KEYS = [
  { when: ["ArrowLeft"], what: (lanes) => lanes.seekTo(lanes.time.step(lanes.cursor, -1)) },
  { when: ["ArrowRight"], what: (lanes) => lanes.seekTo(lanes.time.step(lanes.cursor, 1)) },
  { when: ["Shift+ArrowLeft"], what: (lanes) => second(lanes, -1) },
  { when: ["Shift+ArrowRight"], what: (lanes) => second(lanes, 1) },
  { when: ["Home"], what: (lanes) => lanes.seekTo(0) },
  { when: ["End"], what: (lanes) => lanes.seekTo(lanes.time.end) },
  { when: ["ArrowUp"], what: (lanes) => lanes.otherLane(-1) },
  { when: ["ArrowDown"], what: (lanes) => lanes.otherLane(1) },
  { when: ["KeyN"], what: (lanes) => lanes.walk(1) },
  { when: ["KeyP"], what: (lanes) => lanes.walk(-1) },
  { when: ["KeyA", "Insert"], what: (lanes) => lanes.add() },
  { when: ["Enter", "NumpadEnter"], what: (lanes) => lanes.enter() },
  { when: ["Space"], what: (lanes) => lanes.space() },
  { when: ["KeyI"], what: (lanes) => lanes.setEnd("start") },
  { when: ["KeyO"], what: (lanes) => lanes.setEnd("end") },
  { when: ["Delete", "Backspace"], what: (lanes) => lanes.takeAway() },
  { when: ["Ctrl+KeyZ"], what: (lanes) => lanes.undo() },
  { when: ["Ctrl+Shift+KeyZ", "Ctrl+KeyY"], what: (lanes) => lanes.redo() },
  { when: ["Plus", "Shift+Plus"], what: (lanes) => lanes.nearer() },
  { when: ["Minus"], what: (lanes) => lanes.farther() },
  { when: ["Digit0"], what: (lanes) => lanes.whole() },
  { when: ["Ctrl+KeyS"], what: (lanes) => lanes.sign() },
];
