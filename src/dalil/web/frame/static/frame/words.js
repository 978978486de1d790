/** The words of a page's elements, as its `words_for` tags brought them. */

const found = {};
let lang = document.documentElement.lang || "en";
for (const each of document.querySelectorAll("script.words")) {
  const said = JSON.parse(each.textContent);
  Object.assign(found, said.words);
  lang = said.lang;
}
const digits = "٠١٢٣٤٥٦٧٨٩";
const plural = new Intl.PluralRules(lang);

export { lang };

/** Write a whole number as the language does. */
export function number(value) {
  const said = Math.trunc(value).toLocaleString("en-GB");
  return lang === "ar" ? said.replaceAll(",", "٬").replace(/[0-9]/g, (d) => digits[d]) : said;
}

/** Say one sentence; a place `n` chooses the plural form. */
export function say(key, values = {}) {
  let wording = found[key];
  if (wording === undefined) throw new Error(`no words for ${key}`);
  if (typeof wording === "object") {
    const form = values.n === 0 && wording.zero ? "zero" : plural.select(values.n ?? 0);
    wording = wording[form] ?? wording.other;
  }
  return wording.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? number(values[name]) : String(values[name]));
}

/** The token that every request which writes carries. */
export function csrf() {
  return document.querySelector("meta[name=csrf]").content;
}
