// Graphs in layers: command chains and origins.
import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";

cytoscape.use(dagre);
export { cytoscape };
