// Training: epoch after epoch by the update, and the curve of the error, on which one can go back.

const epochs = [{ given: state.given, states: state.states, error: state.values[output] }];
state.epoch = 0;

/** Go on from the present numbers by so many epochs, or as far as there are results. */
function train(count) {
  let problem = "";
  try {
    for (let k = 0; k < count; k++) takeEpoch();
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    problem = `${error.message}. The page keeps the numbers of epoch ${state.epoch}.`;
  }
  begin(problem);
}

function takeEpoch() {
  const next = descend(state);
  Object.assign(state, replay(next.given, next.states));
  epochs.length = ++state.epoch;
  epochs.push(epochNow());
}

const epochNow = () => ({ given: state.given, states: state.states, error: state.values[output] });

/** Take the numbers of an epoch that was. */
function goTo(epoch) {
  state.epoch = Math.min(Math.max(epoch, 0), epochs.length - 1);
  Object.assign(state, replay(epochs[state.epoch].given, epochs[state.epoch].states));
  begin("");
}

/** From here on, edits are compared with the numbers of this epoch. */
function begin(problem) {
  state.base = { given: state.given, error: state.values[output] };
  state.nudged = null;
  complain(problem);
  explain(state.explained);
}

/** After an edit, the epoch has other numbers, and those after it are no more. */
function editEpoch() {
  epochs.length = state.epoch;
  epochs.push(epochNow());
}

// --- On the screen ---

const curve = one(".curve");
const [WIDE, HIGH, EDGE] = [90, 32, 4];

function showTraining() {
  const { error } = epochs[state.epoch];
  put(one(".epoch"), `Epoch ${state.epoch}: ${nodes[output].name} = ${written(error)}`);
  const points = epochs.map((each, k) => pointOf(each.error, k));
  set(one("polyline", curve), { points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") });
  const [x, y] = points[state.epoch];
  set(one("circle", curve), { cx: x, cy: y });
  curve.classList.toggle("off", epochs.length < 2);
  const text = one(".epoch").textContent;
  set(curve, { "aria-valuemax": epochs.length - 1, "aria-valuenow": state.epoch, "aria-valuetext": text });
}

function pointOf(error, k) {
  const errors = epochs.map((each) => each.error).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...errors), Math.max(0, ...errors)];
  const share = Number.isFinite(error) ? (error - low) / (high - low || 1) : 1;
  return [EDGE + ((WIDE - 2 * EDGE) * k) / Math.max(epochs.length - 1, 1), HIGH - EDGE - (HIGH - 2 * EDGE) * share];
}

curve.addEventListener("click", ({ clientX }) => {
  const { left, width } = curve.getBoundingClientRect();
  const along = ((clientX - left) / width) * WIDE - EDGE;
  goTo(Math.round((along / (WIDE - 2 * EDGE)) * (epochs.length - 1)));
});

curve.addEventListener("keydown", (event) => {
  const to = { ArrowLeft: state.epoch - 1, ArrowRight: state.epoch + 1, Home: 0, End: epochs.length - 1 }[event.key];
  if (to === undefined) return;
  goTo(to);
  event.preventDefault();
  event.stopPropagation();
});

const rate = one("input[name=lr]");
rate.value = hyper.lr ?? "";
rate.closest("label").hidden = !("lr" in hyper);
rate.addEventListener("input", () => {
  if (!(rate.valueAsNumber > 0)) return;
  hyper.lr = rate.valueAsNumber;
  compute(state.given);
});
one(".training").hidden = !update.params.length;
