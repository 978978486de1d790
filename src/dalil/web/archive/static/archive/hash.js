/** Reads a file from the person's own disk and tells its SHA-256; works beside the sending. */

import { bytesToHex, sha256 } from "/static/vendor/hashes.js";

const PORTION = 4 << 20;

onmessage = async ({ data: { id, file } }) => {
  try {
    const hash = sha256.create();
    for (let at = 0; at < file.size; at += PORTION) {
      hash.update(new Uint8Array(await file.slice(at, at + PORTION).arrayBuffer()));
    }
    postMessage({ id, sha256: bytesToHex(hash.digest()) });
  } catch {
    postMessage({ id, sha256: "" });
  }
};
