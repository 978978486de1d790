// What pictures/timeline.js needs of vis-timeline: the plain build without its old-browser shims.
export { default as moment } from "moment";
export { DataSet } from "vis-data/esnext";
export { Timeline } from "vis-timeline/esnext";
