/** Picks a term of the code book by typing in either language; its definition is read beside it. */

const MOST = 40;

/** Letters that are written in several ways are one when a term is looked for. */
export function folded(text) {
  return text.normalize("NFKD").replace(/[\u064b-\u065f\u0670\u0640\u0300-\u036f]/g, "")
    .replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
}

/** A term's name in the page's language, else in the other. */
export function termName(term, lang) {
  if (!term) return "";
  return (lang === "ar" ? term.name_ar ?? term.name_en : term.name_en ?? term.name_ar) ?? term.key;
}

export class TermPicker extends EventTarget {
  constructor(input, list, definition, lang) {
    super();
    Object.assign(this, { input, list, definition, lang, terms: [], shown: [], at: -1, id: null });
    input.addEventListener("input", () => this.open());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) this.choose(this.shown[Number(option.dataset.place)]);
    });
  }

  set offered(terms) {
    this.terms = terms.map((term) => ({
      ...term,
      found: folded([term.name_en, term.name_ar, term.key].filter(Boolean).join(" ")),
    }));
  }

  /** Show what is chosen already. */
  show(id) {
    this.id = id ?? null;
    const term = this.terms.find((each) => each.id === id);
    this.input.value = termName(term, this.lang);
    this.define(term);
  }

  define(term) {
    if (!term) return this.definition.replaceChildren();
    const told = this.lang === "ar" ? [term.definition_ar, term.definition_en] : [term.definition_en, term.definition_ar];
    const lines = told.filter(Boolean).map((text) => {
      const line = document.createElement("span");
      line.dir = "auto";
      line.textContent = text;
      return line;
    });
    this.definition.replaceChildren(...lines);
  }

  open() {
    const wanted = folded(this.input.value.trim());
    this.shown = this.terms.filter((each) => each.found.includes(wanted)).slice(0, MOST);
    this.at = this.shown.length && wanted ? 0 : -1;
    this.list.replaceChildren(...this.shown.map((term, place) => this.option(term, place)));
    this.list.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point();
  }

  option(term, place) {
    const line = document.createElement("li");
    line.setAttribute("role", "option");
    line.id = `${this.list.id}-${place}`;
    line.dataset.place = place;
    const [first, second] = this.lang === "ar" ? [term.name_ar, term.name_en] : [term.name_en, term.name_ar];
    for (const [text, quiet] of [[first ?? second ?? term.key, false], [first ? second : null, true]]) {
      if (!text) continue;
      const name = document.createElement("bdi");
      name.textContent = text;
      if (quiet) name.className = "faint";
      line.append(name, " ");
    }
    line.style.paddingInlineStart = `${term.depth + 0.5}rem`;
    return line;
  }

  point() {
    for (const [place, each] of Array.from(this.list.children).entries()) {
      each.setAttribute("aria-selected", String(place === this.at));
    }
    const here = this.list.children[this.at];
    if (here) {
      this.input.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
      this.define(this.shown[this.at]);
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      if (this.list.hidden) this.open();
      this.at = Math.min(Math.max(this.at + by, 0), this.shown.length - 1);
      this.point();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.at >= 0) this.choose(this.shown[this.at]);
      else if (!this.input.value.trim()) this.choose(null);
    } else if (event.key === "Tab" && !this.list.hidden && this.at >= 0 && this.input.value.trim()) {
      this.choose(this.shown[this.at]);
    }
  }

  choose(term) {
    this.shut();
    this.show(term?.id ?? null);
    this.dispatchEvent(new CustomEvent("chosen", { detail: term?.id ?? null }));
  }

  /** Leaving the field empty takes the term away; half a word leaves it as it was. */
  close() {
    if (!this.input.value.trim() && this.id) this.choose(null);
    else this.show(this.id);
    this.shut();
  }

  shut() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
