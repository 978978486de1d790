/** Leaves the page at once: the button, or Escape twice; covers, ends the key, shows a calendar. */

const PAUSE = 700;
const button = document.querySelector("[data-leave]");
const tabs = new BroadcastChannel("dalil-leave");
let last = -PAUSE;

/** Cover what is shown and go; nothing of this page stays in the tab's history. */
function go(address) {
  document.body.hidden = true;
  document.title = "";
  location.replace(address);
}

/** End session and key, in all tabs. */
function leave() {
  const address = button.dataset.leave;
  const away = address.replace(/leave\/$/, "away/");
  document.body.hidden = true;
  fetch(address, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  tabs.postMessage(away);
  go(away);
}

if (button) {
  button.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - last < PAUSE) leave();
    last = event.timeStamp;
  }, { capture: true });
  tabs.addEventListener("message", (event) => go(event.data));
}

// Back again, a page that the browser kept whole is asked for anew: by then nobody is here.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
