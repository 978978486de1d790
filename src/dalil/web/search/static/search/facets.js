/** Fills in how many records each facet holds, where there are too many to count before the page. */
import { number } from "../frame/words.js";

const place = document.getElementById("facets");
const names = { kind: "kinds", type: "types" };

/** Write the numbers beside their facets; one that would find nothing goes. */
function fill(counts) {
  for (const link of place.querySelectorAll("a[data-facet]")) {
    const count = counts[names[link.dataset.facet]][link.dataset.value] ?? 0;
    if (count || link.hasAttribute("aria-current")) link.querySelector(".n").textContent = number(count);
    else link.remove();
  }
}

const answer = await fetch(place.dataset.later, { headers: { accept: "application/json" } });
if (answer.ok) fill(await answer.json());
