/** What passes between a page's elements and the desk: JSON, one address a thing. */

import { csrf, lang, say } from "/static/frame/words.js";

/** An answer that is no good: `refused` says why in the page's words, `body` is all that came. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.happened ?? say("no-answer"));
    this.status = status;
    this.body = body;
    this.next = body?.next ?? "";
    this.about = (body?.about ?? []).join("\n");
  }
}

/** Take the token of a session that began in another window since this page was loaded. */
async function freshToken() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("meta[name=csrf]")?.content;
  if (token) document.querySelector("meta[name=csrf]").content = token;
}

async function post(address, type, body, method = "POST") {
  const send = () => fetch(address, {
    method, body, credentials: "same-origin",
    headers: { Accept: "application/json", "Accept-Language": lang, "Content-Type": type, "X-CSRFToken": csrf() },
  });
  const answer = await send();
  if (answer.status !== 403) return answer;
  await freshToken();
  return send();
}

/** Ask for something, or send something; a refusal is thrown. */
export async function ask(address, sent) {
  const headers = { Accept: "application/json", "Accept-Language": lang };
  let answer;
  try {
    answer = sent === undefined
      ? await fetch(address, { headers, credentials: "same-origin" })
      : await post(address, "application/json", JSON.stringify(sent));
  } catch {
    throw new Refused(0, null);
  }
  if (answer.redirected) throw new Refused(401, { happened: say("signed-out") });
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  const body = json ? await answer.json() : null;
  if (!answer.ok || body === null) throw new Refused(answer.status, body);
  return body;
}

/** Keep what is unsigned on the desk, where its author alone finds it again; false where it cannot. */
export async function keepDraft(key, text) {
  const address = `/draft/${encodeURIComponent(key)}`;
  const method = text === null ? "DELETE" : "POST";
  const answer = await post(address, "text/plain", text ?? undefined, method).catch(() => null);
  return Boolean(answer?.ok && !answer.redirected);
}

/** What somebody left unsigned here before; null where they left nothing. */
export async function draftOf(key) {
  const answer = await fetch(`/draft/${encodeURIComponent(key)}`).catch(() => null);
  return answer?.ok && !answer.redirected ? (await answer.json()).text : null;
}
