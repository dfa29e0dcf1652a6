// The screen: the graph, the sentence and the tables after any number of steps.

const last = steps.length;
const initial = nodes.map((node) => (node.op ? undefined : Number(node.value)));
const state = { step: 0, explained: null, way: null, nudged: null, timer: null, zoom: 1, ...replay(initial, update.states.map(asNumbers)) };
state.base = { given: initial, error: state.values[output] }; // what edits are compared with

// --- What there is on the screen ---

const rowOf = (row) => [Number(row.dataset.node ?? row.dataset.constant), row];
const rows = new Map(all("tr[data-node], tr[data-constant]").map(rowOf));
const shown = all("g.node").map((box, k) => ({
  both: [box, rows.get(k)],
  inBox: { value: one(".value", box), grad: one(".grad", box), room: roomIn(box) },
  inRow: { value: one(".number", rows.get(k)), grad: one(".grad", rows.get(k)) },
  words: nodes[k].constant ? [nodes[k].name] : all(".name, .op", box).map((word) => word.textContent),
  input: one("input", rows.get(k)),
}));
const stepOf = new Map(passes.map((step, j) => [step.join("-"), j + 1]));
const edges = all("g.edge").map((box) => {
  const [node, position] = box.dataset.edge.split("-").map(Number);
  const [back, forth] = [box.dataset.edge, `${node}`].map((key) => stepOf.get(key));
  const [path, heads] = [one("path", box), all("polygon", box)];
  const home = [path.getAttribute("d"), ...heads.map((head) => head.getAttribute("points"))];
  return { box, node, source: nodes[node].args[position], path, heads, home, label: one(".label", box), back, forth };
});
const homes = shown.map(({ both: [box] }) => boxOf(one("rect", box)));
const slider = one("input[type=range]");

function boxOf(rect) {
  return Object.fromEntries(["x", "y", "width", "height"].map((name) => [name, rect[name].baseVal.value]));
}

/** How many figures a node's box has room for. */
function roomIn(box) {
  return Math.floor((one("rect", box).width.baseVal.value - 2 * beside) / digit);
}

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

/** A new element of a drawing. */
function drawn(tag, className, parent) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, { class: className });
  return parent ? parent.appendChild(made) : made;
}

/** Set attributes; numbers are written to a tenth. */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, typeof value === "number" ? Number(value.toFixed(1)) : value);
}

function button(text, act, className = "") {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A paragraph of text, in which a list of nodes stands for their names. */
function phrase(strings, ...parts) {
  const shown = (part) => (Array.isArray(part) ? listed(part) : [written(part)]);
  const words = strings.map((string) => string.replace(/\s+/g, " "));
  return element("p", "", words[0], ...parts.flatMap((part, j) => [...shown(part), words[j + 1]]));
}

function listed(indices) {
  const distinct = [...new Set(indices.filter(isNamed))];
  const named = distinct.slice(0, 6).map((k) => element("b", "", nodes[k].name));
  if (distinct.length > 6) named.push(`${distinct.length - 6} more`);
  return named.flatMap((each, j) => [j === 0 ? "" : j < named.length - 1 ? ", " : " and ", each]);
}

// --- One step ---

/** Show the graph after so many steps. What is shown depends on that number and the leaves' numbers alone. */
function show(step) {
  state.step = Math.min(Math.max(step, 0), frontier());
  const now = steps[state.step - 1] ?? { phase: "start" };
  const { k } = now;
  const pass = state.passes[state.step - 1];
  main.dataset.step = state.step;
  main.dataset.phase = now.phase;
  main.classList.toggle("tracing", Boolean(state.way));
  place(k, pass?.operand);
  showNodes(k, pass?.operand);
  showEdges(k);
  say(said(now, pass));
  showControls();
  if (state.explained === null) one(".words").scrollTop = 0;
  if (k === undefined) for (const each of all(".canvas, .table")) each.scrollTo(0, 0);
  else keepInView(k, pass?.operand ?? k);
  showMap();
}

/** Each node's value and gradient so far; undefined while there is none. */
function soFar() {
  const values = nodes.map((node, k) => (node.op ? undefined : state.values[k]));
  const gradients = [];
  for (const [i, { phase, k, j, again }] of steps.slice(0, state.step).entries()) {
    const pass = state.passes[i];
    if (pass) gradients[pass.operand] = pass.after;
    else values[k] = phase === "update" ? state.moves[j].after : (again ? state.ahead : state.values)[k];
  }
  return { values, gradients };
}

function showNodes(current, receiver) {
  const { values, gradients } = soFar();
  shown.forEach((each, k) => {
    const flags = {
      current: k === current,
      receiving: k === receiver,
      empty: values[k] === undefined,
      explained: k === state.explained,
      path: Boolean(state.way?.nodes.has(k)),
      folded: isFolded && !drawing.at.has(k),
      edited: !Object.is(state.given[k], state.base.given[k]),
      changed: values[k] !== undefined && changeOf(k) !== 0,
    };
    for (const element of each.both) mark(element, flags);
    showNumbers(each, values[k], gradients[k]);
  });
  showNudge(values);
}

/** A node's numbers in its row, and as far as they have room in its box, and in what a screen reader calls it. */
function showNumbers({ both: [box], inBox, inRow, words, input }, value, gradient) {
  const [inFull, gradientInFull] = [value, gradient].map((each) => (each === undefined ? "" : written(each)));
  const numbers = [value, gradient].map((each) => (each === undefined ? "" : writtenWithin(inBox.room, each)));
  put(inRow.value, inFull);
  put(inRow.grad, gradientInFull);
  [inBox.value, inBox.grad].forEach((element, j) => element && put(element, numbers[j]));
  const label = [...words, ...numbers].filter(Boolean).join(" ");
  if (box.getAttribute("aria-label") !== label) box.setAttribute("aria-label", label);
  if (input && input !== document.activeElement) input.value = Number.isFinite(value) ? inFull : "";
}

/** Forward, an edge is done when its node is computed; backward, when the gradient has passed it. */
function showEdges(current) {
  const [backward, forward] = ["backward", "forward"].map((phase) => main.dataset.phase === phase);
  const most = Math.max(...state.passes.map((pass) => Math.abs(pass?.contribution ?? 0)));
  for (const edge of edges) {
    const done = state.step >= (backward ? edge.back : edge.forth);
    const active = backward ? state.step === edge.back : forward && edge.node === current;
    const pass = backward && done ? state.passes[edge.back - 1] : null;
    const path = Boolean(state.way?.edges.has(edge.box.dataset.edge));
    const folded = isFolded && !drawing.edges.has(edge);
    mark(edge.box, { done, active, negative: pass?.contribution < 0, path, folded });
    if (edge.label) showLabel(edge.label, pass);
    if (edge.label) showWeight(edge, pass, most);
  }
  if (!labelled) showOnlyLabel(backward && edges.find(({ back }) => back === state.step));
}

/** How wide an edge is, by the logarithm of what is handed on along it, and of which sign that is. */
function showWeight({ box }, pass, most) {
  const size = Math.abs(pass?.contribution ?? 0);
  const width = size ? Math.max(0.8, 3.4 + 0.36 * Math.log10(size / most)) : 0.8;
  box.style.setProperty("--wide", Number.isFinite(width) ? width.toFixed(2) : 3.4);
}

/** Write "upstream × local" at an edge, squeezed into the room that there is. */
function showLabel(label, pass) {
  const factors = pass && !pass.stopped && [brief(pass.upstream), bracketed(brief(pass.local))];
  const text = pass?.stopped ? "0" : factors ? factors.join(" × ") : "";
  if (label.textContent === text) return;
  label.textContent = factors ? "" : text;
  if (factors) label.append(inColour("upstream", factors[0]), " × ", inColour("local", factors[1]));
  const squeezed = label.textContent.length > 15;
  for (const [name, value] of [["textLength", 83], ["lengthAdjust", "spacingAndGlyphs"]])
    if (squeezed) label.setAttribute(name, value);
    else label.removeAttribute(name);
}

/** In a large graph, the one label goes where its edge enters the node, in the room that all of them share. */
function showOnlyLabel(edge) {
  const label = one(".graph > .label");
  const [x, y] = (edge ? edge.path.getAttribute("d") : "0,0").split(" ").at(-1).split(",").map(Number);
  set(label, { x: x - 47, y: y - 5 });
  showLabel(label, edge ? state.passes[edge.back - 1] : null);
}

function inColour(part, text) {
  const made = drawn("tspan", part);
  made.textContent = text;
  return made;
}

const bracketed = (shown) => (shown.startsWith("-") ? `(${shown})` : shown);

/** Three digits, or as many as stand before the point. */
function brief(number) {
  const size = Math.abs(number);
  if (size >= 1e6 && Number.isFinite(size)) return padded(number.toExponential(2));
  return written(size >= 1000 ? Math.round(number) : Number(number.toPrecision(3)));
}

/** Say it, unless it is what is said already, which a screen reader would read once more. */
function say(content) {
  const fresh = element("div", "", ...content);
  if (fresh.innerHTML !== one(".say").innerHTML) one(".say").replaceChildren(...fresh.childNodes);
}

/** The step as a sentence and as a formula. */
function said({ phase, k, position, j, again }, pass) {
  if (phase === "start") return [beginning()];
  if (phase === "update") return moved(state.moves[j]);
  if (again) return [computedAgain(k), formula(forwardLine(k, state.ahead))];
  if (!pass) return [computed(k), formula(forwardLine(k))];
  if (pass.node === null) return [turning(), formula(seedLine())];
  return [handed(pass), formula(shareLine(pass, position)), ruleLine(pass, position)];
}

const formula = (lines) => mathematics("div", "formula", lines);

const beginning = () => phrase`The leaves have their numbers. Forward, each node is computed from its operands, up to
  ${[output]}. Then backward: how much ${[output]} changes with each node, its gradient.`;

function computed(k) {
  const sentence = phrase`${[k]} is computed from ${nodes[k].args}`;
  sentence.append(` by ${nodes[k].op}.`);
  return sentence;
}

function moved(move) {
  const sentence = phrase`The gradient of ${[move.k]} is ${move.gradient}, and so`;
  sentence.append(` ${update.name} moves it.`);
  return [sentence, ...updateLines.map((_, j) => formula(updateLine(move, j)))];
}

function computedAgain(k) {
  if (k !== output) return phrase`With the new numbers, ${[k]} is computed again.`;
  return phrase`With the new numbers, ${[k]} was ${state.values[k]} and is ${state.ahead[k]}.`;
}

const turning = () => phrase`The way back starts at ${[output]}: its derivative with respect to itself is 1.`;

function handed({ node, operand, before }) {
  if (before === undefined)
    return phrase`${[node]} hands its gradient back to ${[operand]}, times the derivative of ${[node]} with respect to
      ${[operand]}.`;
  return phrase`${[node]} hands its gradient back to ${[operand]}, too, which had ${before} already: contributions
    add up.`;
}

const phases = { start: "Start", forward: "Forward", backward: "Backward", update: "Update" };

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
  const isOut = low < begin + margin || high > begin + size - margin;
  if (isOut || (isFolded && view.matches(".canvas"))) view[scroll] += (low + high) / 2 - (begin + size / 2);
}
