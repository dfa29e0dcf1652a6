// The page: shows one step of the trace, explains a node, and computes everything afresh when a leaf is edited.

const last = steps.length;
const turn = steps.filter(([, position]) => position === undefined).length;
const initial = nodes.map((node) => (node.op ? undefined : Number(node.value)));
const start = replay(initial);
const state = { step: 0, explained: null, timer: null, given: initial, ...start };

// --- What there is on the screen ---

const rows = new Map(all("tr[data-node]").map((row) => [Number(row.dataset.node), row]));
const shown = all("g.node").map((box, k) => ({
  both: [box, rows.get(k)],
  value: [one(".value", box), one(".number", rows.get(k))],
  grad: [one(".grad", box), one(".grad", rows.get(k))],
  input: one("input", rows.get(k)),
}));
const stepOf = new Map(steps.map((step, j) => [step.join("-"), j + 1]));
const edges = all("g.edge").map((box) => {
  const [node] = box.dataset.edge.split("-");
  return { box, node: Number(node), path: one("path", box), label: one(".label", box), back: stepOf.get(box.dataset.edge), forth: stepOf.get(node) };
});
const slider = one("input[type=range]");

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const classes = new Map();

/** Give the element the classes whose flags hold, besides its own, always in the same order. */
function mark(element, flags) {
  if (!classes.has(element)) classes.set(element, [...element.classList]);
  const names = [...classes.get(element), ...Object.keys(flags).filter((name) => flags[name])].join(" ");
  if (element.getAttribute("class") !== names) element.setAttribute("class", names);
}

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function button(text, act) {
  const made = element("button", "", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A paragraph of text, in which a list of nodes stands for their names. */
function phrase(strings, ...parts) {
  const text = (part) => (Array.isArray(part) ? listed(part) : [written(part)]);
  return element("p", "", ...strings.flatMap((string, j) => [string, ...(j < parts.length ? text(parts[j]) : [])]));
}

function listed(indices) {
  const distinct = [...new Set(indices.filter(isNode))];
  const named = distinct.slice(0, 6).map((k) => element("b", "", nodes[k].name));
  if (distinct.length > 6) named.push(`${distinct.length - 6} more`);
  return named.flatMap((each, j) => [j === 0 ? "" : j < named.length - 1 ? ", " : " and ", each]);
}

// --- One step ---

/** Show the graph after so many steps. What is shown depends on that number and the leaves' numbers alone. */
function show(step) {
  state.step = Math.min(Math.max(step, 0), last);
  const [k, position] = steps[state.step - 1] ?? [];
  const pass = state.passes[state.step - 1];
  main.dataset.step = state.step;
  main.dataset.phase = k === undefined ? "start" : pass ? "backward" : "forward";
  showNodes(k, pass?.operand);
  showEdges(k);
  one(".say").replaceChildren(...said(k, position, pass));
  showControls();
  if (k !== undefined) keepInView(k, pass?.operand ?? k);
}

/** Each node's value and gradient so far; undefined while there is none. */
function soFar() {
  const values = initial.map((number, k) => number === undefined ? undefined : state.values[k]);
  const gradients = [];
  for (const [j, [k]] of steps.slice(0, state.step).entries()) {
    const pass = state.passes[j];
    if (pass) gradients[pass.operand] = pass.after;
    else values[k] = state.values[k];
  }
  return { values, gradients };
}

function showNodes(current, receiver) {
  const { values, gradients } = soFar();
  const text = (number) => (number === undefined ? "" : written(number));
  shown.forEach(({ both, value, grad, input }, k) => {
    const flags = {
      current: k === current,
      receiving: k === receiver,
      empty: values[k] === undefined,
      explained: k === state.explained,
      edited: !Object.is(state.given[k], initial[k]),
    };
    for (const each of both) mark(each, flags);
    for (const each of value) put(each, text(values[k]));
    for (const each of grad) put(each, text(gradients[k]));
    if (input && input !== document.activeElement) input.value = Number.isFinite(values[k]) ? text(values[k]) : "";
  });
}

/** Forward, an edge is done when its node is computed; backward, when the gradient has passed it. */
function showEdges(current) {
  const backward = main.dataset.phase === "backward";
  for (const edge of edges) {
    const done = state.step >= (backward ? edge.back : edge.forth);
    const active = backward ? state.step === edge.back : edge.node === current;
    mark(edge.box, { done, active });
    if (labelled) showLabel(edge.label, backward && done ? state.passes[edge.back - 1] : null);
  }
  if (!labelled) showOnlyLabel(backward && edges.find(({ back }) => back === state.step));
}

/** Write "upstream × local" at an edge, squeezed into the room that there is. */
function showLabel(label, pass) {
  put(label, pass ? `${brief(pass.upstream)} × ${bracketed(brief(pass.local))}` : "");
  const squeezed = label.textContent.length > 15;
  for (const [name, value] of [["textLength", 88], ["lengthAdjust", "spacingAndGlyphs"]])
    if (squeezed) label.setAttribute(name, value);
    else label.removeAttribute(name);
}

/** In a large graph, the one label goes where its edge enters the node. */
function showOnlyLabel(edge) {
  const label = one(".graph > .label");
  const [x, y] = (edge ? edge.path.getAttribute("d") : "0,0").split(" ").at(-1).split(",").map(Number);
  label.setAttribute("x", x - 54);
  label.setAttribute("y", y - 5);
  showLabel(label, edge ? state.passes[edge.back - 1] : null);
}

const bracketed = (shown) => (shown.startsWith("-") ? `(${shown})` : shown);
const brief = (number) => written(Number(number.toPrecision(3)));

/** The step as a sentence and as a formula. */
function said(k, position, pass) {
  const formula = element("div", "formula");
  if (k === undefined)
    return [phrase`The leaves have their numbers. Forward, each node is computed from its operands, up to ${[output]}. Then backward: how much ${[output]} changes with each node, its gradient.`, formula];
  if (!pass) {
    formula.append(forwardLine(k));
    const sentence = phrase`${[k]} is computed from ${nodes[k].args}`;
    sentence.append(` by ${nodes[k].op}.`);
    return [sentence, formula];
  }
  if (pass.node === null) {
    formula.append(seedLine());
    return [phrase`The way back starts at ${[output]}: its derivative with respect to itself is 1.`, formula];
  }
  const { operand, before } = pass;
  formula.append(passLine(before === undefined ? "first" : "further", pass, position));
  if (before === undefined)
    return [phrase`${[k]} hands its gradient back to ${[operand]}, times the derivative of ${[k]} with respect to ${[operand]}.`, formula];
  return [phrase`${[k]} hands its gradient back to ${[operand]}, too, which had ${before} already: contributions add up.`, formula];
}

const phases = { start: "Start", forward: "Forward", backward: "Backward" };

function showControls() {
  const phase = phases[main.dataset.phase];
  put(one(".count"), `${state.step} / ${last}`);
  put(one(".phase-name"), phase);
  slider.value = state.step;
  slider.style.setProperty("--at", `${(100 * state.step) / last}%`);
  slider.setAttribute("aria-valuetext", `${phase}, step ${state.step} of ${last}`);
  for (const each of all("[data-act=first], [data-act=prev]")) mark(each, { spent: state.step === 0 });
  for (const each of all("[data-act=next], [data-act=last]")) mark(each, { spent: state.step === last });
}

/** Scroll the graph so that both nodes can be seen, or if they are too far apart the first, and the tables to both. */
function keepInView(current, receiver) {
  const view = one(".canvas");
  const frame = view.getBoundingClientRect();
  const boxes = [current, receiver].map((k) => shown[k].both[0].getBoundingClientRect());
  scrollInto(view, "scrollLeft", frame.left, view.clientWidth, boxes.map(({ left, right }) => [left, right]));
  scrollInto(view, "scrollTop", frame.top, view.clientHeight, boxes.map(({ top, bottom }) => [top, bottom]));
  for (const k of [receiver, current]) {
    const table = rows.get(k).closest(".table");
    const { top } = table.getBoundingClientRect();
    const row = rows.get(k).getBoundingClientRect();
    scrollInto(table, "scrollTop", top + 30, table.clientHeight - 30, [[row.top, row.bottom]]);
  }
}

/** Scroll a view that shows `size` pixels from `begin` on, in one direction, so that the spans lie in its middle. */
function scrollInto(view, scroll, begin, size, spans) {
  const margin = Math.min(12, size / 20);
  let [low, high] = [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
  if (high - low > size - 2 * margin) [[low, high]] = spans;
  if (low < begin + margin || high > begin + size - margin) view[scroll] += (low + high) / 2 - (begin + size / 2);
}

// --- The whole chain rule of one node ---

function explain(k) {
  state.explained = k;
  one(".explain").replaceChildren(...(k === null ? [] : explanation(k)));
  one(".explain").hidden = k === null;
  showEffect();
  show(state.step);
}

function explanation(k) {
  const own = nodes[k].op ? formula(forwardLine(k)) : phrase`A leaf: its number, ${state.values[k]}, is given.`;
  const header = element("header", "", element("h2", "", nodes[k].name), own, button("Close", () => explain(null)));
  const uses = state.passes.map((pass, j) => ({ pass, position: steps[j][1] })).filter(({ pass }) => pass?.operand === k);
  if (k === output) return [header, phrase`${[output]} is the output: its derivative with respect to itself is 1.`, formula(seedLine())];
  const users = uses.map(({ pass }) => pass.node);
  if (uses.length === 1) return [header, phrase`${[output]} depends on ${[k]} through ${users}.`, useOf(uses[0])];
  return [
    header,
    phrase`${[output]} depends on ${[k]} through ${users}: every use contributes, and the contributions add up.`,
    ...uses.map(useOf),
    formula(totalLine(k, uses.map(({ pass }) => pass.contribution))),
  ];
}

const formula = (content) => element("div", "formula", content);

/** One use of the explained node: the derivative of its user, and that times the user's own gradient. */
function useOf({ pass, position }) {
  const onward = button(nodes[pass.node].name, () => explain(pass.node));
  const [local, term] = ["local", "term"].map((kind) => formula(passLine(kind, pass, position)));
  return element("div", "use", onward, local, term);
}

// --- Editing a leaf ---

/** Take these numbers for the leaves; where a result does not exist, say so and keep the numbers before. */
function compute(given, input) {
  let problem = "";
  try {
    Object.assign(state, replay(given), { given });
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    problem = `${error.message}. The page keeps the numbers from before this edit.`;
  }
  put(one(".problem"), problem);
  one(".problem").hidden = !problem;
  for (const each of all("input[aria-invalid]")) each.removeAttribute("aria-invalid");
  if (problem && input) input.setAttribute("aria-invalid", true);
  explain(state.explained);
}

/** What the edits have changed the output to. */
function showEffect() {
  const edited = state.given.some((number, k) => !Object.is(number, initial[k]));
  const [before, now] = [start, state].map(({ values }) => written(values[output]));
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
};
const keys = { ArrowLeft: "prev", ArrowRight: "next", Home: "first", End: "last", " ": "play" };

function act(name) {
  const playing = state.timer !== null;
  pause();
  if (name !== "play") acts[name]();
  else if (!playing) play();
}

function play() {
  if (state.step === last) show(0);
  state.timer = setInterval(advance, 900);
  showPlaying();
}

function advance() {
  show(state.step + 1);
  if (state.step === last) pause();
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
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input[type=number]")) return;
  const node = target.closest("g.node");
  if (node && (key === "Enter" || key === " ")) explain(Number(node.dataset.node));
  else if (key === "Escape") explain(null);
  else if (key in keys && !(key === " " && target.matches("button"))) act(keys[key]);
  else return;
  event.preventDefault();
});

main.addEventListener("click", ({ target }) => {
  const control = target.closest("[data-act]");
  const node = target.closest("[data-node]");
  if (control) act(control.dataset.act);
  else if (node && !target.matches("input")) explain(Number(node.dataset.node));
});
slider.addEventListener("input", () => (pause(), show(Number(slider.value))));
one(".reset").addEventListener("click", () => compute(initial));
window.addEventListener("resize", () => show(state.step));

/** Squeeze the words that this browser's typeface makes wider than their boxes. */
function fit([box]) {
  const room = one("rect", box).width.baseVal.value - 14;
  const words = all(".name, .op", box);
  const beside = words.length === 2 && words[0].getAttribute("y") === words[1].getAttribute("y");
  const widths = words.map((word) => word.getComputedTextLength());
  const scale = beside ? (room - 6) / (widths[0] + widths[1]) : Math.min(...widths.map((width) => room / width));
  if (scale >= 1) return;
  for (const [j, word] of words.entries()) {
    word.setAttribute("textLength", (widths[j] * scale).toFixed(1));
    word.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

shown.forEach(({ both }) => fit(both));
main.classList.toggle("crowded", !labelled);
slider.max = main.dataset.last = last;
slider.style.setProperty("--turn", `${(100 * turn) / last}%`);
show(0);
main.dataset.ready = "1";
