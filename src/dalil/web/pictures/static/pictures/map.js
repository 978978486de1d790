/** <dalil-map src base label tiles?>: places as circles of their radius on coasts and borders. */
import { Map as Drawing, Marker, setWorkerUrl } from "../vendor/maplibre.js";
import { Drawn, colour, made, onTheme } from "./element.js";

setWorkerUrl(new URL("../vendor/maplibre-worker.js", import.meta.url).href);
const EARTH = 6371008.8;
const CORNERS = 48;
const NUMBERS = new Intl.NumberFormat(document.documentElement.lang === "ar" ? "ar-SY-u-nu-arab" : "en-GB");

/** A circle of `metres` around a point, as a polygon. */
function circle([lon, lat], metres) {
  const high = (metres / EARTH) * (180 / Math.PI);
  const wide = high / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  const ring = Array.from({ length: CORNERS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
  return { type: "Polygon", coordinates: [ring] };
}

/** The style: paper, land, borders, circles; own tiles below them where the archive has some. */
function style(base, circles, tiles) {
  const own = tiles ? { own: { type: "raster", tiles: [new URL(tiles, location).href], tileSize: 256 } } : {};
  return {
    version: 8,
    sources: { world: { type: "geojson", data: base }, circles: { type: "geojson", data: circles }, ...own },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": colour("paper") } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colour("quiet") } },
      ...(tiles ? [{ id: "own", type: "raster", source: "own" }] : []),
      { id: "borders", type: "line", source: "world", paint: { "line-color": colour("edge"), "line-width": 0.7 } },
      { id: "area", type: "fill", source: "circles", paint: { "fill-color": colour("ink"), "fill-opacity": 0.1 } },
      { id: "rim", type: "line", source: "circles", paint: { "line-color": colour("faint"), "line-width": 1 } },
    ],
  };
}

class DalilMap extends Drawn {
  async draw(data) {
    const points = data.features.map((each) => each.geometry.coordinates);
    const circles = {
      type: "FeatureCollection",
      features: data.features
        .filter((each) => each.properties.radius_m)
        .map((each) => ({ type: "Feature", properties: {}, geometry: circle(each.geometry.coordinates, each.properties.radius_m) })),
    };
    const [lons, lats] = [points.map((each) => each[0]), points.map((each) => each[1])];
    const room = 0.02;
    const place = made("div", "pictures-drawing");
    this.append(place);
    const look = () => style(this.getAttribute("base"), circles, this.getAttribute("tiles"));
    const bounds = [Math.min(...lons) - room, Math.min(...lats) - room, Math.max(...lons) + room, Math.max(...lats) + room];
    // The bundled base has nothing to show nearer; the archive's own tiles have.
    const near = { padding: 40, maxZoom: this.hasAttribute("tiles") ? 14 : 8.5 };
    const map = new Drawing({
      container: place,
      style: look(),
      bounds,
      fitBoundsOptions: near,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: false,
      scrollZoom: false,
      fadeDuration: 0,
    });
    map.getCanvas().setAttribute("aria-label", this.getAttribute("label") ?? "");
    for (const each of data.features) {
      const { number, name, coarse, address } = each.properties;
      const mark = made("a", coarse ? "pictures-place coarse" : "pictures-place", NUMBERS.format(number));
      mark.href = address;
      mark.title = name.replace(/[\u2066-\u2069]/g, "");
      mark.setAttribute("aria-label", `${mark.textContent} ${mark.title}`);
      new Marker({ element: mark }).setLngLat(each.geometry.coordinates).addTo(map);
    }
    await new Promise((done) => map.once("load", done));
    // It may have measured its place before the styles of the page had come.
    map.resize();
    map.fitBounds(bounds, { ...near, duration: 0 });
    onTheme(() => map.setStyle(look()));
    const whole = map.getBounds();
    this.map = map;
    this.tools(
      ["nearer", () => map.zoomIn()],
      ["farther", () => map.zoomOut()],
      ["whole", () => map.fitBounds(whole)],
    );
  }
}

customElements.define("dalil-map", DalilMap);
