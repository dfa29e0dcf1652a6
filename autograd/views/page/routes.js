// Routes: every way from the output to a node, the product along each, and the trail of what was clicked.

const MOST_ROUTES = 6;

/** The steps of the way back that hand a gradient to a node. */
const usesOf = new Map();
for (const [j, { k, position }] of twoPasses.entries()) {
  if (!(position >= 0)) continue;
  const operand = nodes[k].args[position];
  usesOf.set(operand, [...(usesOf.get(operand) ?? []), { user: k, position, step: j, edge: `${k}-${position}` }]);
}
const uses = (k) => usesOf.get(k) ?? [];

/** The nodes and the edges that lie on a way from the output to a node. */
function wayTo(k) {
  const way = { nodes: new Set([k]), edges: new Set() };
  const waiting = [k];
  while (waiting.length)
    for (const { user, edge } of uses(waiting.pop())) {
      way.edges.add(edge);
      if (!way.nodes.has(user)) waiting.push(user);
      way.nodes.add(user);
    }
  return way;
}

/** Each route to a node as its uses from the output on; none if there are too many to write. */
function routesTo(k, most = MOST_ROUTES) {
  if (k === output) return [[]];
  const routes = [];
  for (const use of uses(k)) {
    const onward = routesTo(use.user, most - routes.length);
    if (!onward.length || routes.length + onward.length > most) return [];
    routes.push(...onward.map((route) => [...route, use]));
  }
  return routes;
}

/** A route's product in symbols and in numbers, and what it comes to. */
function routeLine(k, route) {
  const passes = route.map(({ step }) => state.passes[step]);
  const piece = (key, j) => lit(line(`${key} ${j ? "next" : "first"}`, k, 0, passes[j]), route[j]);
  const symbols = route.map((_, j) => piece("factor", j));
  const numbers = route.map((_, j) => piece("number", j));
  return element("div", "route", ...symbols, ...numbers, line("result", k, 0, { after: along(passes) }));
}

/** The product along a route, as the way back multiplies: nothing is handed on of nothing. */
const along = (passes) => passes.reduce((product, { local }) => (product === 0 ? 0 : product * local), 1);

/** A factor that lights its edge while the pointer moves on it. */
function lit(content, { edge }) {
  const factor = element("span", "factor", content);
  const { box } = edges.find((each) => each.box.dataset.edge === edge);
  factor.addEventListener("pointermove", () => box.classList.add("lit"));
  factor.addEventListener("pointerleave", () => box.classList.remove("lit"));
  return factor;
}

/** The whole product for each route, and their sum. */
function routeLines(k) {
  const routes = routesTo(k);
  const products = routes.map((route) => along(route.map(({ step }) => state.passes[step])));
  const written = routes.map((route) => routeLine(k, route));
  if (!written.length) return [phrase`There are too many routes from ${[output]} to ${[k]} to write them out.`];
  if (written.length === 1) {
    written[0].prepend(line("whole", k, 0, { output, operand: k }));
    return written;
  }
  const sum = element("div", "route", totalLine(k, products));
  return [phrase`The product along each route, and their sum:`, ...written, sum];
}

// --- The trail ---

const trail = [];

function follow(k) {
  const found = trail.indexOf(k);
  if (k === null) trail.length = 0;
  else if (found >= 0) trail.length = found + 1;
  else trail.push(k);
}

function trailLine() {
  const crumbs = trail.slice(0, -1).map((k) => button(nodes[k].name, () => explain(k)));
  return element("nav", "trail", ...crumbs.flatMap((crumb) => [crumb, "›"]), element("b", "", nodes[trail.at(-1)].name));
}
