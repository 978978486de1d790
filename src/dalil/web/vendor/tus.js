// Resumable uploads (tus 1.0).
export { Upload, canStoreURLs, defaultOptions, isSupported } from "tus-js-client";
