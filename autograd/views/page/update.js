// The update: what the optimiser makes of the parameters' numbers and gradients, by its own lines.

const asNumbers = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
const hyper = asNumbers(update.hyper);

/** All parameters moved at once: each one's move, and the leaves' numbers and the states that this leads to. */
function descend({ given, states, gradients }) {
  const numbers = (k, j) => ({ ...hyper, ...states[j], w: given[k], g: gradients[k] });
  const moves = update.params.map((k, j) => moveOf(k, numbers(k, j), states[j]));
  const next = [...given];
  for (const { k, after } of moves) next[k] = after;
  return { moves, given: next, states: moves.map(({ state }) => state) };
}

/** One parameter's move: for each line the numbers that it reads and the `next` that it sets, and what is kept. */
function moveOf(k, numbers, state) {
  const after = { ...numbers };
  const lines = updateLines.map(([name, compute]) => {
    const before = { ...after };
    after[name] = inUpdate(k, () => compute(before));
    return { ...before, next: after[name] };
  });
  const kept = Object.fromEntries(Object.keys(state).map((name) => [name, after[name]]));
  return { k, lines, gradient: numbers.g, after: after.w, state: kept };
}

function inUpdate(k, compute) {
  try {
    return compute();
  } catch (error) {
    throw error instanceof Undefined ? new Undefined(`the update of ${nodes[k].name}: ${error.message}`) : error;
  }
}
