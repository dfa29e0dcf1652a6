// The view of the graph: whole at first, nearer by buttons, moved by dragging, with a small map where it does not fit.

const canvas = one(".canvas");
const graph = one(".graph");
const map = one(".minimap");
const MAP = [150, 90]; // its most width and height
const [STRIPE, LEGIBLE] = [0.35, 0.75];

/** Show the graph so many times as large as it fits the window, around the same middle. */
function zoomTo(zoom) {
  const [x, y] = [canvas.scrollLeft + canvas.clientWidth / 2, canvas.scrollTop + canvas.clientHeight / 2];
  const before = graph.getBoundingClientRect().width;
  state.zoom = Math.min(Math.max(zoom, 1), 12);
  main.classList.toggle("zoomed", state.zoom > 1);
  const { width, height } = graph.viewBox.baseVal;
  const scale = state.zoom * fitting();
  graph.style.setProperty("--wide", `${(scale * width).toFixed(0)}px`);
  graph.style.setProperty("--high", `${(scale * height).toFixed(0)}px`);
  const grown = graph.getBoundingClientRect().width / before;
  canvas.scrollTo(x * grown - canvas.clientWidth / 2, y * grown - canvas.clientHeight / 2);
  showMap();
}

/** How large the graph is where all of it fits the window. */
const fitting = () => Math.min(...fits());

/** How large it is where its width fits, and where its height does. */
function fits() {
  const { width, height } = graph.viewBox.baseVal;
  return [canvas.clientWidth / width, (canvas.clientHeight - 14) / height];
}

/** A long graph that would be a thin stripe is shown in a size that can be read, and followed; but not on a phone. */
function beginLegibly() {
  if (isFolded || fitting() > STRIPE || window.innerWidth < 600) return;
  main.classList.add("stripe");
  zoomTo(Math.max(LEGIBLE, Math.min(fits()[1], 1)) / fitting());
}

/** Open the tables, or close them and leave their room to the words. */
function openTables(open) {
  main.classList.toggle("closed", !open);
  one("[data-act=tables]").setAttribute("aria-expanded", open);
}

/** The nodes as one shape, and a frame around those in view; nothing where all are. */
function showMap() {
  const hidden = canvas.scrollWidth <= canvas.clientWidth + 1 && canvas.scrollHeight <= canvas.clientHeight + 1;
  map.classList.toggle("off", hidden);
  if (hidden) return ["x", "y", "width", "height"].forEach((name) => one("rect", map).removeAttribute(name));
  const { left, top, width } = graph.getBoundingClientRect();
  const scale = graph.viewBox.baseVal.width / width;
  const frame = canvas.getBoundingClientRect();
  const [x, y] = [(frame.left - left) * scale, (frame.top - top) * scale];
  const seen = { x: x + graph.viewBox.baseVal.x, y: y + graph.viewBox.baseVal.y };
  const size = { width: canvas.clientWidth * scale, height: canvas.clientHeight * scale };
  set(one("rect", map), { ...seen, ...size });
}

function drawMap() {
  const { x, y, width, height } = graph.viewBox.baseVal;
  const scale = Math.min(MAP[0] / width, MAP[1] / height);
  set(map, { viewBox: `${x} ${y} ${width} ${height}`, width: width * scale, height: height * scale });
  const boxes = boxesOnMap().map((rect) => {
    const [left, top, wide, high] = ["x", "y", "width", "height"].map((name) => rect[name].toFixed(0));
    return `M${left},${top}h${wide}v${high}h-${wide}z`;
  });
  set(one("path", map), { d: boxes.join("") });
}

/** Move the view so that a place on the map is in its middle. */
function lookAt({ clientX, clientY, buttons }) {
  if (!buttons) return;
  const { left, top, width, height } = map.getBoundingClientRect();
  const [x, y] = [(clientX - left) / width, (clientY - top) / height];
  canvas.scrollTo(x * canvas.scrollWidth - canvas.clientWidth / 2, y * canvas.scrollHeight - canvas.clientHeight / 2);
}

/** Move the view by dragging its ground. */
function pan(down) {
  if (down.pointerType !== "mouse" || down.target.closest("g.node, g.group")) return;
  const from = [canvas.scrollLeft + down.clientX, canvas.scrollTop + down.clientY];
  const drag = ({ clientX, clientY }) => canvas.scrollTo(from[0] - clientX, from[1] - clientY);
  window.addEventListener("pointermove", drag);
  window.addEventListener("pointerup", () => window.removeEventListener("pointermove", drag), { once: true });
}

canvas.addEventListener("pointerdown", pan);
canvas.addEventListener("scroll", showMap);
for (const kind of ["pointerdown", "pointermove"]) map.addEventListener(kind, lookAt);

/** Go where the address says, as in #step=25&node=h1. */
function followLink() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const k = nodes.findIndex(({ name }) => name === wanted.get("node"));
  if (wanted.has("step")) show(Number(wanted.get("step")) || 0);
  if (k >= 0) explain(k);
}
window.addEventListener("hashchange", followLink);
