// SHA-256 over a stream: WebCrypto takes only whole buffers, and files here are gigabytes.
export { sha256 } from "@noble/hashes/sha2.js";
export { bytesToHex } from "@noble/hashes/utils.js";
