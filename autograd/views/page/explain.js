// The whole chain rule of one node.

function explain(k) {
  state.explained = k;
  one(".explain").replaceChildren(...(k === null ? [] : explanation(k)));
  one(".explain").hidden = k === null;
  showEffect();
  showTraining();
  show(state.step);
}

function explanation(k) {
  const own = nodes[k].op ? formula(forwardLine(k)) : phrase`A leaf: its number, ${state.values[k]}, is given.`;
  const header = element("header", "", element("h2", "", nodes[k].name), own, button("Close", () => explain(null)));
  if (k === output) return [header, turning(), formula(seedLine())];
  const passes = state.passes.map((pass, j) => ({ pass, position: steps[j].position }));
  const uses = passes.filter(({ pass }) => pass?.operand === k);
  const users = uses.map(({ pass }) => pass.node);
  if (uses.length === 1) return [header, phrase`${[output]} depends on ${[k]} through ${users}.`, useOf(uses[0])];
  return [
    header,
    phrase`${[output]} depends on ${[k]} through ${users}: every use contributes, and the contributions add up.`,
    ...uses.map(useOf),
    formula(totalLine(k, uses.map(({ pass }) => pass.contribution))),
  ];
}

/** One use of the explained node: the derivative of its user, and that times the user's own gradient. */
function useOf({ pass, position }) {
  const onward = button(nodes[pass.node].name, () => explain(pass.node));
  const kinds = pass.stopped ? ["term"] : ["local", "term"];
  return element("div", "use", onward, ...kinds.map((kind) => formula(passLine(kind, pass, position))));
}
