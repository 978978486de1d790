/** Lets lanes in one window and the player in another share their time, for one item, here alone. */

const item = /[0-9a-f]{32}/.exec(location.pathname)?.[0];

if (item) {
  const player = new BroadcastChannel(`dalil-time-${item}`);
  player.addEventListener("message", ({ data }) => {
    if (data.at) document.dispatchEvent(new CustomEvent("dalil-time", { detail: data.at }));
  });
  document.addEventListener("dalil-seek", ({ detail }) => player.postMessage({ seek: detail }));
}
