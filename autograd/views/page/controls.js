// Editing the leaves, going from step to step, and the start of it all.

// --- Editing a leaf ---

/** Take these numbers for the leaves, perhaps by a nudge; where a result does not exist, say so and keep the numbers before. */
function compute(given, input, nudged = null) {
  let problem = "";
  state.nudged = nudged;
  try {
    Object.assign(state, replay(given, state.states));
    editEpoch();
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    problem = `${error.message}. The page keeps the numbers from before this edit.`;
  }
  complain(problem);
  if (problem && input) input.setAttribute("aria-invalid", true);
  explain(state.explained);
}

function complain(problem) {
  put(one(".problem"), problem);
  one(".problem").hidden = !problem;
  for (const each of all("input[aria-invalid]")) each.removeAttribute("aria-invalid");
}

/** What the edits have changed the output to. */
function showEffect() {
  const edited = state.given.some((number, k) => !Object.is(number, state.base.given[k]));
  const [before, now] = [state.base.error, state.values[output]].map(written);
  put(one(".effect span"), edited ? `${nodes[output].name} was ${before} and is now ${now}.` : "");
  one(".effect").hidden = !edited;
  one(".hint").hidden = edited || state.explained !== null;
}

for (const [k, { input }] of shown.entries()) {
  if (!input) continue;
  const size = Number.isFinite(initial[k]) ? Math.abs(initial[k]) || 1 : 10;
  input.step = 10 ** (Math.floor(Math.log10(size)) - 1);
  input.placeholder = Number.isFinite(initial[k]) ? "" : written(initial[k]);
  const edit = (number) => compute(state.given.map((each, j) => (j === k ? number : each)), input);
  input.addEventListener("input", () => Number.isNaN(input.valueAsNumber) || edit(input.valueAsNumber));
  input.addEventListener("blur", () => show(state.step));
}

// --- Controls ---

const acts = {
  first: () => show(0),
  prev: () => show(state.step - 1),
  next: () => show(state.step + 1),
  last: () => show(last),
  "zoom-in": () => zoomTo(state.zoom * 1.5),
  "zoom-out": () => zoomTo(state.zoom / 1.5),
  fit: () => zoomTo(1),
  practice: () => practise(!state.practice),
  hint,
  tables: () => openTables(main.classList.contains("closed")),
  epoch: () => train(1),
  epochs10: () => train(10),
  epochs100: () => train(100),
};
const viewing = new Set(["zoom-in", "zoom-out", "fit", "tables"]);
const keys = { ArrowLeft: "prev", ArrowRight: "next", Home: "first", End: "last", " ": "play" };

function act(name) {
  const playing = state.timer !== null;
  if (viewing.has(name)) return acts[name]();
  pause();
  if (name !== "play") acts[name]();
  else if (!playing) play();
}

const [PACE, LEAST_PACE, LONGEST] = [900, 100, 300_000]; // milliseconds: for a step, at the least, and for all of them

function play() {
  if (state.step === frontier()) show(0);
  const pace = Math.min(PACE, Math.max(LEAST_PACE, LONGEST / last));
  state.timer = setInterval(advance, pace / one("[name=speed]").value);
  showPlaying();
}

function advance() {
  show(state.step + 1);
  if (state.step === frontier()) pause();
}

function pause() {
  clearInterval(state.timer);
  state.timer = null;
  showPlaying();
}

function showPlaying() {
  const playing = state.timer !== null;
  main.classList.toggle("playing", playing);
  one("[data-act=play]").setAttribute("aria-label", playing ? "Pause" : "Play");
  one(".say").setAttribute("aria-live", playing ? "off" : "polite");
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=range]), select")) return;
  const node = target.closest("g.node");
  const up = { ArrowUp: 1, ArrowDown: -1 }[key];
  if (node?.matches(".leaf") && up) nudge(Number(node.dataset.node), event.shiftKey ? 10 * up : up);
  else if (node && (key === "Enter" || key === " ")) explain(Number(node.dataset.node));
  else if (target.matches("g.group") && (key === "Enter" || key === " ")) toggle(Number(target.dataset.group));
  else if (key === "Escape") explain(null);
  else if (key in keys && !(key === " " && target.matches("button"))) act(keys[key]);
  else return;
  event.preventDefault();
});

main.addEventListener("click", ({ target }) => {
  const control = target.closest("[data-act]");
  const group = target.closest("g.group");
  const node = target.closest("[data-node], [data-constant]");
  if (control) act(control.dataset.act);
  else if (group) toggle(Number(group.dataset.group));
  else if (node && !target.matches("input")) explain(Number(node.dataset.node ?? node.dataset.constant));
});
slider.addEventListener("input", () => (pause(), show(Number(slider.value))));
one(".reset").addEventListener("click", () => compute(state.base.given));
window.addEventListener("resize", () => {
  measure();
  zoomTo(state.zoom);
  show(state.step);
});
one("[name=speed]").addEventListener("change", () => state.timer !== null && (pause(), play()));

/** Squeeze the words that this browser's typeface makes wider than their boxes. */
function fit([box]) {
  const room = one("rect", box).width.baseVal.value - 2 * beside;
  const words = all(".name, .op", box);
  const inOneLine = words.length === 2 && words[0].getAttribute("y") === words[1].getAttribute("y");
  const widths = words.map((word) => word.getComputedTextLength());
  const scale = inOneLine ? (room - 6) / (widths[0] + widths[1]) : Math.min(...widths.map((width) => room / width));
  if (scale >= 1) return;
  for (const [j, word] of words.entries()) {
    set(word, { textLength: widths[j] * scale, lengthAdjust: "spacingAndGlyphs" });
  }
}

shown.forEach(({ both }) => fit(both));
main.classList.toggle("crowded", !labelled);
openTables(labelled);
measure();
slider.max = main.dataset.last = last;
slider.style.setProperty("--turn", `${(100 * forwardPass.length) / last}%`);
slider.style.setProperty("--then", `${(100 * twoPasses.length) / last}%`);
drawMap();
beginLegibly();
explain(null);
practise(practice);
followLink();
main.dataset.ready = "1";
