/** Sends one file by the tus protocol while its SHA-256 is computed; goes on where it stopped. */

import { csrf } from "/static/frame/words.js";
import { Upload } from "/static/vendor/tus.js";

const PORTION = 8 << 20;
const PAUSES = [500, 1000, 3000, 5000, 10000, 20000, 20000, 20000];
const worker = new Worker("/static/archive/hash.js", { type: "module" });
const asked = new Map();

worker.onmessage = ({ data: { id, sha256 } }) => {
  asked.get(id)(sha256);
  asked.delete(id);
};

/** Return the SHA-256 of a file, read from the person's disk; empty where it cannot be read. */
function digest(file) {
  const id = crypto.randomUUID();
  return new Promise((done) => {
    asked.set(id, done);
    worker.postMessage({ id, file });
  });
}

/** Tell the desk what the browser read; tried again while nobody answers. */
async function tell(url, sha256) {
  for (const pause of [...PAUSES, 0]) {
    const body = new URLSearchParams({ sha256 });
    const headers = { "X-CSRFToken": csrf() };
    const answer = await fetch(`${url}/digest`, { method: "POST", headers, body }).catch(() => null);
    if (answer?.ok) return;
    if (answer) throw new Refused(answer.status);
    await new Promise((go) => setTimeout(go, pause));
  }
  throw new Refused(0);
}

/** The desk did not take it: `status` is that of HTTP, or 0 where nobody answered. */
export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

/** Send the bytes; `known` is the address of what is here already; `told(bytes)` as they go. */
function bytes(address, file, name, known, told) {
  return new Promise((done, fail) => {
    const upload = new Upload(file, {
      endpoint: address,
      uploadUrl: known || null,
      chunkSize: PORTION,
      retryDelays: PAUSES,
      // Nothing of what somebody sends is remembered by the browser.
      storeFingerprintForResuming: false,
      metadata: { path: name, modified: String(file.lastModified) },
      headers: { "X-CSRFToken": csrf() },
      onProgress: told,
      onSuccess: () => done(upload.url),
      onError: (error) => fail(new Refused(error.originalResponse?.getStatus() ?? 0)),
    });
    upload.start();
  });
}

/** Send a file and what the browser read of it; resolves when both are at the desk. */
export async function send(address, file, name, known, told, comparing) {
  const reading = digest(file);
  const url = await bytes(address, file, name, known, told);
  comparing();
  const sha256 = await reading;
  if (!sha256) throw new Refused(-1);
  await tell(new URL(url, location.href).pathname, sha256);
}
