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

/** Ask for something, or send something; a refusal is thrown. */
export async function ask(address, sent) {
  const headers = { Accept: "application/json", "Accept-Language": lang };
  const options = { headers, credentials: "same-origin" };
  if (sent !== undefined) {
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": csrf() });
    Object.assign(options, { method: "POST", body: JSON.stringify(sent) });
  }
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Refused(0, null);
  }
  const body = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (!answer.ok || body === null) throw new Refused(answer.status, body);
  return body;
}

/** Keep what is unsigned on the desk, where its author alone finds it again; false where it cannot. */
export async function keepDraft(key, text) {
  const address = `/draft/${encodeURIComponent(key)}`;
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "text/plain" };
  const options = text === null ? { method: "DELETE", headers } : { method: "POST", headers, body: text, keepalive: text.length < 60000 };
  const answer = await fetch(address, options).catch(() => null);
  return Boolean(answer?.ok);
}

export async function draftOf(key) {
  const answer = await fetch(`/draft/${encodeURIComponent(key)}`).catch(() => null);
  return answer?.ok ? (await answer.json()).text : null;
}
