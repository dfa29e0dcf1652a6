// Routes: the nodes and edges on every way from the output to a node, and the trail of what was clicked.

/** The uses of each node: who hands a gradient to it, along which edge. */
const usesOf = new Map();
for (const { k, position } of twoPasses)
  if (position >= 0) {
    const operand = nodes[k].args[position];
    usesOf.set(operand, [...(usesOf.get(operand) ?? []), { user: k, edge: `${k}-${position}` }]);
  }
const uses = (k) => usesOf.get(k) ?? [];

/** The nodes and the edges that lie on a way from the output to a node. */
function wayTo(k) {
  const way = { nodes: new Set([k]), edges: new Set() };
  for (const each of way.nodes)
    for (const { user, edge } of uses(each)) {
      way.edges.add(edge);
      way.nodes.add(user);
    }
  return way;
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
