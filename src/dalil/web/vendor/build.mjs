// Bundles the browser libraries into ../static/vendor and the fonts into ../static/fonts.
// The same lock file gives the same bytes; tests/web/pictures/test_vendored.py checks it.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { feature } from "topojson-client";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2] ?? join(HERE, "..", "static");
const MODULES = join(HERE, "node_modules");
const BUNDLES = {
  "vis-timeline": "timeline.js",
  maplibre: "map.js",
  cytoscape: "graph.js",
  tus: "tus.js",
  hashes: "hashes.js",
};
const FONTS = [
  ["ibm-plex-sans", ["latin", "latin-ext"], [400, 600]],
  ["ibm-plex-sans-arabic", ["arabic"], [400, 600]],
  ["ibm-plex-mono", ["latin"], [400]],
  ["noto-naskh-arabic", ["arabic"], [400, 600]],
];
const OPTIONS = { bundle: true, minify: true, legalComments: "none", charset: "utf8" };

/** The packages whose bytes are in a bundle, by name; maplibre-gl and cytoscape-dagre come with theirs inside. */
const within = new Set(["world-atlas", "@dagrejs/dagre", "@dagrejs/graphlib"]);
for (const name of Object.keys(JSON.parse(readFileSync(join(MODULES, "maplibre-gl/package.json"), "utf8")).dependencies)) {
  if (!name.startsWith("@types/")) within.add(name);
}

function note(metafile) {
  for (const path of Object.keys(metafile.inputs)) {
    const parts = path.split("node_modules/").at(-1).split("/");
    if (path.includes("node_modules/")) {
      within.add(parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0]);
    }
  }
}

async function bundles(folder) {
  const modules = { format: "esm", target: "es2022", platform: "browser", metafile: true };
  const entryPoints = Object.entries(BUNDLES).map(([out, file]) => ({ in: join(HERE, file), out }));
  entryPoints.push({ in: join(MODULES, "maplibre-gl/dist/maplibre-gl-worker.mjs"), out: "maplibre-worker" });
  note((await build({ ...OPTIONS, ...modules, entryPoints, outdir: folder, absWorkingDir: HERE })).metafile);
  await build({
    ...OPTIONS,
    entryPoints: [
      { in: join(MODULES, "vis-timeline/styles/vis-timeline-graph2d.css"), out: "vis-timeline" },
      { in: join(MODULES, "maplibre-gl/dist/maplibre-gl.css"), out: "maplibre" },
    ],
    loader: { ".svg": "dataurl", ".png": "dataurl" },
    outdir: folder,
  });
}

/** The coasts and borders of the world, to about a kilometre, without a name. */
function world(folder) {
  const atlas = JSON.parse(readFileSync(join(MODULES, "world-atlas/countries-50m.json"), "utf8"));
  const round = (line) => {
    const points = line.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);
    return points.filter((point, i) => !i || String(point) !== String(points[i - 1]));
  };
  const polygon = (rings) => rings.map(round).filter((ring) => ring.length > 3);
  const coordinates = feature(atlas, atlas.objects.countries).features.flatMap(({ geometry }) =>
    geometry.type === "Polygon" ? [polygon(geometry.coordinates)] : geometry.coordinates.map(polygon),
  );
  const whole = { type: "MultiPolygon", coordinates: coordinates.filter((rings) => rings.length) };
  writeFileSync(join(folder, "world.json"), JSON.stringify({ type: "Feature", properties: {}, geometry: whole }));
}

/** The licences of everything that is bundled. */
function licences(folder) {
  const texts = [...within].sort().map((name) => {
    const place = join(MODULES, name);
    const { version, license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const files = readdirSync(place).filter((each) => /^(licen[cs]e|copying|notice)[.\w-]*$/i.test(each) && !/js$/.test(each)).sort();
    const said = files.map((each) => readFileSync(join(place, each), "utf8").trim());
    return [`${name} ${version} (${license})`, ...said].join("\n\n");
  });
  writeFileSync(join(folder, "LICENSES.txt"), `${texts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`);
}

function fonts(folder) {
  for (const [family, scripts, weights] of FONTS) {
    const place = join(MODULES, "@fontsource", family);
    for (const script of scripts) {
      for (const weight of weights) {
        const name = `${family}-${script}-${weight}-normal.woff2`;
        copyFileSync(join(place, "files", name), join(folder, name));
      }
    }
    copyFileSync(join(place, "LICENSE"), join(folder, `LICENSE-${family}.txt`));
  }
}

for (const name of ["vendor", "fonts"]) {
  rmSync(join(OUT, name), { recursive: true, force: true });
  mkdirSync(join(OUT, name), { recursive: true });
}
await bundles(join(OUT, "vendor"));
world(join(OUT, "vendor"));
licences(join(OUT, "vendor"));
fonts(join(OUT, "fonts"));
