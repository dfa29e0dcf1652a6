// The whole chain rule of one node.

function explain(k) {
  state.explained = k;
  state.way = k === null || nodes[k].constant ? null : wayTo(k);
  follow(k);
  for (const edge of all(".edge.lit")) edge.classList.remove("lit");
  one(".explain").replaceChildren(...(k === null ? [] : explanation(k)));
  one(".explain").hidden = k === null;
  if (k !== null) one(".words").scrollTop = one(".explain").offsetTop - one(".words").offsetTop;
  showEffect();
  showTraining();
  show(state.step);
}

function explanation(k) {
  const own = nodes[k].op ? formula(forwardLine(k)) : phrase`Its number, ${state.values[k]}, is given.`;
  const header = element("header", "", element("h2", "", nodes[k].name), own, button("Close", () => explain(null)));
  if (nodes[k].constant) return [header];
  if (k === output) return [header, turning(), formula(seedLine())];
  const handed = uses(k).map(({ step, position }) => ({ pass: state.passes[step], position }));
  const users = handed.map(({ pass }) => pass.node);
  if (trail.length > 1) header.prepend(trailLine());
  if (handed.length === 1)
    return [header, ...routeLines(k), phrase`${[output]} depends on ${[k]} through ${users}.`, useOf(handed[0])];
  return [
    header,
    ...routeLines(k),
    phrase`${[output]} depends on ${[k]} through ${users}: every use contributes, and the contributions add up.`,
    ...handed.map(useOf),
    formula(totalLine(k, handed.map(({ pass }) => pass.contribution))),
  ];
}

/** One use of the explained node: the derivative of its user, and that times the user's own gradient. */
function useOf({ pass, position }) {
  const onward = button(nodes[pass.node].name, () => explain(pass.node));
  const kinds = pass.stopped ? ["term"] : ["local", "term"];
  return element("div", "use", onward, ...kinds.map((kind) => formula(passLine(kind, pass, position))));
}
