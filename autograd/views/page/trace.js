// The trace, replayed: every number of its passes, from the leaves' numbers, the table's rules and the update's lines.

/** An operand is a node's index, or a number as text. */
const isNode = (operand) => typeof operand === "number";
const isNamed = (operand) => isNode(operand) && !nodes[operand].constant;

/** A node's operands by what its rule calls them, and the node itself as y. */
function operandsOf({ op, args }, k) {
  const { lists, scalars } = rules[op];
  const n = lists.length ? (args.length - scalars.length) / lists.length : 0;
  const grouped = lists.map((name, j) => [name, args.slice(j * n, (j + 1) * n)]);
  const single = scalars.map((name, j) => [name, args[lists.length * n + j]]);
  return { n, y: k, ...Object.fromEntries([...grouped, ...single]) };
}

/** For each of a node's args, the operand of the rule that it belongs to, and its index if that is a list. */
function placesOf({ op }, { n }) {
  const { lists, scalars } = rules[op];
  const elements = (name) => Array.from({ length: n }, (_, i) => [name, i]);
  return [...lists.flatMap(elements), ...scalars.map((name) => [name])];
}

const operands = nodes.map((node, k) => node.op && operandsOf(node, k));
const places = nodes.map((node, k) => node.op && placesOf(node, operands[k]));

/** The operands' numbers by what the rule calls them. */
function numbersOf({ n, ...operands }, values) {
  const number = (operand) => (isNode(operand) ? values[operand] : Number(operand));
  const read = ([name, operand]) => [name, Array.isArray(operand) ? operand.map(number) : number(operand)];
  return { n, ...Object.fromEntries(Object.entries(operands).map(read)) };
}

/** The steps: the two passes, and where there is an optimiser its update and the forward pass after it. */
const twoPasses = passes.map(([k, position]) => ({ phase: position === undefined ? "forward" : "backward", k, position }));
const forwardPass = twoPasses.filter(({ phase }) => phase === "forward");
const updating = [
  ...update.params.map((k, j) => ({ phase: "update", k, j })),
  ...forwardPass.map(({ k }) => ({ phase: "forward", k, again: true })),
];
const steps = [...twoPasses, ...(update.inTrace ? updating : [])];

/**
 * All values and gradients, and for each step of the way back its `pass`: what was handed to which operand. If the
 * update is in the trace, too, its `moves`, and `ahead`, the values after it.
 */
function replay(given, states) {
  const values = [...given];
  const locals = [];
  const gradients = [];
  const passes = twoPasses.map(({ k, position }) => {
    if (position === undefined) return forward(k, values);
    if (position < 0) return pass(gradients, k, null, 1, 1);
    locals[k] ??= localsOf(k, values, gradients[k]);
    return pass(gradients, nodes[k].args[position], k, gradients[k], locals[k][position]);
  });
  const now = { given, states, values, gradients, passes };
  if (!update.inTrace) return now;
  const next = descend(now);
  return { ...now, moves: next.moves, ahead: valuesOf(next.given) };
}

function valuesOf(given) {
  const values = [...given];
  for (const { k } of forwardPass) forward(k, values);
  return values;
}

function forward(k, values) {
  values[k] = told(k, values, "", () => rules[nodes[k].op].formula(numbersOf(operands[k], values)));
}

/** The derivative of a node with respect to each arg; where one does not exist and no gradient comes down, NaN. */
function localsOf(k, values, upstream) {
  const numbers = numbersOf(operands[k], values);
  const { partials } = rules[nodes[k].op];
  return places[k].map(([name, i], position) => {
    try {
      return isNamed(nodes[k].args[position]) && told(k, values, "the derivative of ", () => partials[name](numbers, i));
    } catch (error) {
      if (upstream !== 0 || !(error instanceof Undefined)) throw error;
      return NaN;
    }
  });
}

/** One operand's share. A gradient that is zero hands on zero, and where a rule says 0, nothing is handed on. */
function pass(gradients, operand, node, upstream, local) {
  const contribution = upstream === 0 || local === null ? 0 : upstream * local;
  const before = gradients[operand];
  const after = (gradients[operand] = (before ?? 0) + contribution);
  const stopped = upstream === 0 && !Number.isFinite(local ?? 0);
  return { operand, node, upstream, local: local ?? 0, contribution, before, after, stopped };
}

/** What `compute` gives; if that does not exist, the error tells of which node and operands. */
function told(k, values, what, compute) {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    const shown = (arg) => {
      const number = written(isNode(arg) ? values[arg] : Number(arg));
      return isNamed(arg) ? `${nodes[arg].name} = ${number}` : number;
    };
    throw new Undefined(`${what}${nodes[k].op}(${nodes[k].args.map(shown).join(", ")}): ${error.message}`);
  }
}
