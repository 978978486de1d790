// The map library, whole: its worker is a file of its own, since the pages allow no other.
export { AttributionControl, Map, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
