/** Shows how far a piece of work is, and loads the page anew when it ends. */

const bar = document.getElementById("waiting");
const PAUSE = 1000;

async function look() {
  const answer = await fetch(bar.dataset.state).catch(() => null);
  if (answer?.ok) {
    const { state, percent } = await answer.json();
    if (state !== "running") return location.reload();
    if (percent !== null) bar.value = percent;
  }
  return setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
