// Nudge: a leaf's number moved a little, what its gradient predicted, what happened, and where.

const layer = drawn("g", "changes", one(".graph"));
const changes = shown.map(({ both: [box] }) => {
  const { x, y, width } = one("rect", box);
  const label = drawn("text", "change", layer);
  set(label, { x: x.baseVal.value + width.baseVal.value - 2, y: y.baseVal.value - 3 });
  return label;
});

/** Move a leaf's number by so many of its field's steps. */
function nudge(k, count) {
  const { values, gradients } = state;
  const nudged = state.nudged?.k === k ? state.nudged : { k, values, gradient: gradients[k] ?? 0 };
  const moved = Number((state.given[k] + count * shown[k].input.step).toPrecision(12));
  compute(state.given.map((each, j) => (j === k ? moved : each)), shown[k].input, nudged);
}

/** By how much a node that has its value has changed since the leaf was first nudged. */
const changeOf = (k) => (state.nudged ? state.values[k] - state.nudged.values[k] : 0);

const signed = (number) => `${number < 0 ? "−" : "+"} ${brief(Math.abs(number))}`;

/** Write at every node with a value how that has changed, and what the gradient said of it. */
function showNudge(values) {
  changes.forEach((label, k) => {
    const change = values[k] === undefined || (isFolded && !drawing.at.has(k)) ? 0 : changeOf(k);
    put(label, change ? signed(change).replace(" ", "") : "");
  });
  put(one(".nudge"), state.nudged ? foretold(state.nudged) : "");
  one(".nudge").hidden = !state.nudged;
}

/** What the gradient said of the change, and what came of it. */
function foretold({ k, gradient }) {
  const by = changeOf(k);
  if (nodes[k].constant) return `${nodes[k].name} ${signed(by)}: ${nodes[output].name} ${signed(changeOf(output))}.`;
  const [predicted, happened] = [gradient * by, changeOf(output)].map(signed);
  const gap = predicted === happened ? "" : "; the gap is the curve";
  return `${nodes[k].name} ${signed(by)}: ${nodes[output].name} was predicted ${predicted}, happened ${happened}${gap}.`;
}

// --- By dragging sideways ---

const DRAG = 5; // pixels for a step

for (const [k, { input, both: [box] }] of shown.entries()) {
  if (!input) continue;
  box.addEventListener("pointerdown", (down) => {
    let taken = 0;
    const drag = ({ clientX }) => {
      const count = Math.trunc((clientX - down.clientX) / DRAG);
      if (count !== taken) nudge(k, count - taken);
      if (count !== taken) box.addEventListener("click", (click) => click.stopPropagation(), { once: true });
      taken = count;
    };
    window.addEventListener("pointermove", drag);
    for (const end of ["pointerup", "pointercancel"])
      window.addEventListener(end, () => window.removeEventListener("pointermove", drag), { once: true });
  });
}
