// Folded: a large graph as a box for each group. Those at work are open, and show the nodes that take part in the step.

const [HEAD, GAP, BESIDE, LEAST, ROWS, BORDER] = [26, 12, 96, 124, 4, 8]; // pixels, and the rows of a small grid
const isFolded = true;
const groupOf = new Map(groups.flatMap((group, g) => group.nodes.map((k) => [k, g])));
const opened = new Set(); // the groups that were opened by hand
const drawing = { at: new Map(), edges: new Set() }; // where the nodes that are shown are, and the edges between them

const room = {}; // the size of the view, measured when the window changes and not at every step

function measure() {
  const { clientWidth, clientHeight } = one(".canvas");
  Object.assign(room, { clientWidth, clientHeight });
}

const links = linksBetween().map((ends) => ({ ends, path: drawnBelow("path", "link") }));
const frames = groups.map(frameOf);
one(".graph").append(...shown.map(({ both: [box] }) => box), one(".graph > .label"), layer); // over the edges

/** A new element under all that is drawn already. */
function drawnBelow(tag, className) {
  const made = drawn(tag, className);
  one(".graph").prepend(made);
  return made;
}

/** The pairs of groups between which an edge runs. */
function linksBetween() {
  const pairs = edges.map(({ node, source }) => `${groupOf.get(source)}-${groupOf.get(node)}`);
  return [...new Set(pairs)].map((pair) => pair.split("-").map(Number)).filter(([from, to]) => from !== to);
}

function frameOf({ label, nodes: { length } }, g) {
  const box = drawnBelow("g", length > 1 ? "group" : "alone");
  box.dataset.group = g;
  const [rect, text] = [drawn("rect", "", box), drawn("text", "name", box)];
  text.textContent = length > 1 ? label : "";
  if (length > 1) set(box, { tabindex: 0, role: "button" });
  return { box, rect, text };
}

const boxesOnMap = () => frames.map(({ rect }) => boxOf(rect));

function toggle(g) {
  if (!opened.delete(g)) opened.add(g);
  show(state.step);
}

// --- Where everything goes ---

/** For each group the nodes that are shown: all where it was opened, else those that take part in the step. */
function partOf(k) {
  const taking = new Set(k === undefined ? [] : [k, ...(nodes[k].args ?? []).filter(isNamed)]);
  if (state.explained !== null) taking.add(state.explained);
  const all = (group, g) => opened.has(g) || group.nodes.length === 1;
  return groups.map((group, g) => group.nodes.filter((each) => all(group, g) || taking.has(each)));
}

/** A group's grid: its rows, the size of a cell, the room for the label above it, and the size of it all. */
function gridOf(members, g) {
  if (groups[g].nodes.length === 1) return { head: 0, pad: 0, rows: 1, wide: 0, high: 0, ...sizeOf(members[0]) };
  const [head, pad] = [HEAD, GAP];
  if (!members.length) return { head, pad, rows: 1, wide: 0, high: 0, width: LEAST, height: HEAD + BORDER / 2 };
  const rows = Math.min(members.length, Math.max(ROWS, Math.ceil(Math.sqrt(members.length))));
  const [wide, high] = ["width", "height"].map((side) => Math.max(...members.map((k) => homes[k][side])) + GAP);
  const width = Math.max(Math.ceil(members.length / rows) * wide + GAP, LEAST);
  return { head, pad, rows, wide, high, width, height: HEAD + rows * high + GAP };
}

const sizeOf = (k) => ({ width: homes[k].width, height: homes[k].height });

/** Put the groups into their columns, each column in the middle, and give the size of the whole. */
function stack(grids) {
  const columns = [];
  groups.forEach(({ column }, g) => (columns[column] ??= []).push(grids[g]));
  const sum = (column) => column.reduce((total, { height }) => total + height + 2 * GAP, -2 * GAP);
  const height = Math.max(...columns.filter(Boolean).map(sum));
  let left = 0;
  for (const column of columns.filter(Boolean)) {
    const width = Math.max(...column.map((grid) => grid.width));
    let top = (height - sum(column)) / 2;
    for (const grid of column) {
      Object.assign(grid, { x: left + (width - grid.width) / 2, y: top });
      top += grid.height + 2 * GAP;
    }
    left += width + BESIDE;
  }
  return { width: left - BESIDE, height };
}

/** Lay out what is shown in a step of node k, which may hand something to another, so that both have room in the view. */
function place(k, receiver = k) {
  const members = partOf(k);
  const grids = members.map(gridOf);
  const size = stack(grids);
  drawing.at = new Map();
  grids.forEach(({ x, y, head, pad, rows, wide, high }, g) =>
    members[g].forEach((each, j) => {
      const at = { x: x + pad + Math.floor(j / rows) * wide, y: y + head + pad / 2 + (j % rows) * high };
      drawing.at.set(each, { ...homes[each], ...at });
    }),
  );
  showGroups(grids, members);
  showPlaces(size, shrinkFor(k, receiver));
  routeEdges(k);
  drawMap();
}

// --- On the screen ---

function showGroups(grids, members) {
  frames.forEach(({ box, rect, text }, g) => {
    const { x, y, width, height } = grids[g];
    const { label, nodes: all } = groups[g];
    set(rect, { x, y, width, height, rx: 9 });
    set(text, { x: x + GAP, y: y + 18 });
    mark(box, { path: all.some((k) => state.way?.nodes.has(k)) });
    if (all.length === 1) return;
    set(box, { "aria-expanded": members[g].length > 0, "aria-label": `${label}, ${members[g].length} shown` });
  });
  const lit = linksOn(state.way);
  for (const { ends: [from, to], path } of links) {
    const [a, b] = [grids[from], grids[to]];
    mark(path, { path: lit.has(`${from}-${to}`) });
    set(path, { d: bezier([a.x + a.width, a.y + a.height / 2], [b.x, b.y + b.height / 2]) });
  }
}

/** The pairs of groups between which a lit path leads. */
function linksOn(way) {
  const ends = [...(way?.edges ?? [])].map((edge) => edge.split("-").map(Number));
  return new Set(ends.map(([node, position]) => `${groupOf.get(nodes[node].args[position])}-${groupOf.get(node)}`));
}

/** How much smaller than usual the graph has to be for two nodes so far apart to be in view together. */
function shrinkFor(k, receiver) {
  if (k === undefined) return 0; // at the start all of it is
  const [a, b] = [k, receiver].map((each) => drawing.at.get(each));
  const { clientWidth, clientHeight } = room;
  const wide = Math.max(a.x + a.width, b.x + b.width) - Math.min(a.x, b.x) + 4 * GAP;
  const high = Math.max(a.y + a.height, b.y + b.height) - Math.min(a.y, b.y) + 4 * GAP;
  return Math.min(1, clientWidth / (0.9 * wide), clientHeight / (0.9 * high));
}

function showPlaces({ width, height }, shrink) {
  shown.forEach(({ both: [box] }, k) => {
    const at = drawing.at.get(k);
    const shift = at && `translate(${(at.x - homes[k].x).toFixed(1)} ${(at.y - homes[k].y).toFixed(1)})`;
    for (const each of [box, changes[k]])
      if (shift) each.setAttribute("transform", shift);
      else each.removeAttribute("transform");
  });
  const view = [-BORDER, -BORDER, width + 2 * BORDER, height + 2 * BORDER];
  set(one(".graph"), { viewBox: view.map((each) => each.toFixed(0)).join(" ") });
  const scaled = (scale) => view.slice(2).map((each) => `${(scale * each).toFixed(0)}px`);
  const { style } = one(".graph"); // and no variables, for which all within would have to be styled anew
  [style.minWidth, style.minHeight] = scaled(0.9 * shrink);
  [style.maxWidth, style.maxHeight] = scaled(1.2);
}

function bezier([x, y], [toX, toY]) {
  const middle = (x + toX) / 2;
  const [start, ...others] = [[x, y], [middle, y], [middle, toY], [toX, toY]].map(point);
  return `M${start}C${others.join(" ")}`;
}

const point = (pair) => pair.map((each) => each.toFixed(1)).join(",");

/** Draw the edges into the node at work, and those of a lit path, where both of their ends are shown. */
function routeEdges(k) {
  const isShown = (edge) => edge.node === k || state.way?.edges.has(edge.box.dataset.edge);
  const now = new Set(edges.filter((edge) => isShown(edge) && drawing.at.has(edge.node) && drawing.at.has(edge.source)));
  for (const edge of drawing.edges) if (!now.has(edge)) reroute(edge, edge.home);
  const entering = new Map();
  for (const edge of now) entering.set(edge.node, [...(entering.get(edge.node) ?? []), edge]);
  for (const [node, group] of entering)
    group.forEach((edge, j) => reroute(edge, routeTo(node, edge.source, (j + 1) / (group.length + 1))));
  drawing.edges = now;
}

/** The curve of an edge, and its arrowheads, that enters the node at a share of its height. */
function routeTo(node, source, share) {
  const [from, to] = [drawing.at.get(source), drawing.at.get(node)];
  const [x, y, toX, toY] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height * share];
  const head = (x, y, back) => [[x, y], [x + back, y + 3.5], [x + back, y - 3.5]].map(point).join(" ");
  return [bezier([x, y], [toX, toY]), head(toX, toY, -7.5), head(x, y, 7.5)];
}

function reroute({ path, heads }, [d, ...points]) {
  set(path, { d });
  heads.forEach((head, j) => set(head, { points: points[j] }));
}
