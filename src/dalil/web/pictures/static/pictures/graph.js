/** <dalil-graph src label>: things in layers, from what is asked at the foot upwards. */
import { cytoscape } from "../vendor/cytoscape.js";
import { Drawn, colour, made, onTheme } from "./element.js";

const SHEET = "__________cytoscape_stylesheet";
const MEASURE = 22;

/** Our own style sheet has what the library would write into the page, which the page forbids. */
function standIn() {
  if (document.getElementById(SHEET)) return;
  const stand = document.createElement("meta");
  stand.id = SHEET;
  document.head.append(stand);
}

/** How nodes and edges look, in the page's colours. */
function look() {
  const font = getComputedStyle(document.body).fontFamily;
  const text = { "font-family": font, "font-size": 13, color: colour("ink") };
  return [
    { selector: "node", style: { ...text, label: "data(name)", shape: "rectangle", "background-color": colour("paper"),
      "border-width": 1, "border-color": colour("edge"), "text-wrap": "wrap", "text-max-width": 170, "text-valign": "center",
      width: "label", height: "label", padding: 9 } },
    { selector: "node[kind = 'person'], node[kind = 'origin']", style: { "border-width": 2, "border-color": colour("ink") } },
    { selector: "node[kind = 'claim'], node[kind = 'place'], node[kind = 'site']", style: { "background-color": colour("quiet"), "border-width": 0 } },
    { selector: "edge", style: { ...text, label: "data(said)", color: colour("faint"), width: 1.5, "line-color": colour("faint"),
      "curve-style": "bezier", "target-arrow-shape": "triangle", "arrow-scale": 0.8, "target-arrow-color": colour("faint"),
      "text-background-color": colour("paper"), "text-background-opacity": 1, "text-background-padding": 2 } },
    { selector: "edge[line = 'dashed']", style: { "line-style": "dashed" } },
    { selector: "edge[?split]", style: { "line-color": colour("split"), "target-arrow-color": colour("split"), color: colour("split") } },
  ];
}

class DalilGraph extends Drawn {
  draw(data) {
    standIn();
    const place = made("div", "pictures-drawing");
    this.append(place);
    const nodes = data.nodes.map((each) => ({ data: { ...each, name: each.name.replace(/[\u2066-\u2069]/g, "") } }));
    const edges = data.edges.map((each, i) => ({ data: { ...each, said: each.split ? `${each.said} ≠` : each.said, id: `e${i}`, source: each.below, target: each.above } }));
    const graph = cytoscape({
      container: place,
      elements: { nodes, edges },
      style: look(),
      layout: { name: "dagre", rankDir: "BT", nodeSep: MEASURE, rankSep: 2.5 * MEASURE, edgeSep: MEASURE, fit: true, padding: MEASURE, animate: false },
      userZoomingEnabled: false,
      boxSelectionEnabled: false,
      autoungrabify: true,
      maxZoom: 1.5,
    });
    graph.on("tap", "node", ({ target }) => target.data("address") && location.assign(target.data("address")));
    onTheme(() => graph.style(look()));
    const whole = () => {
      graph.fit(undefined, MEASURE);
      if (graph.zoom() > 1) {
        graph.zoom(1);
        graph.center();
      }
    };
    whole();
    const zoom = (by) => graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
    this.graph = graph;
    this.tools(["nearer", () => zoom(1.4)], ["farther", () => zoom(1 / 1.4)], ["whole", whole]);
  }
}

customElements.define("dalil-graph", DalilGraph);
