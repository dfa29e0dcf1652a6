// Mathematics: lines of formulas, made of templates in which names and numbers are left blank.

const lines = new Map(all("template[data-line]").map((each) => [each.dataset.line, each.content]));
const names = all("math", one("template.names").content);

const nameParts = (k) => [...names[k].cloneNode(true).childNodes];
const partsOf = (key) => [...lines.get(key).cloneNode(true).firstChild.childNodes];

/** A number, in brackets where the product or power that it stands in needs them. */
function numberParts(number, place) {
  const shown = written(number);
  const [mantissa, exponent] = shown.replace(/^-/, "").split("e");
  let parts = plainParts(mantissa, exponent);
  if (shown.startsWith("-")) parts = around("negative", parts);
  const bracketed = place && (shown.startsWith("-") || (place === "power" && exponent));
  return bracketed ? around("brackets", parts) : parts;
}

function plainParts(mantissa, exponent) {
  if (lines.has(mantissa)) return partsOf(mantissa);
  const content = lines.get(exponent ? "scientific" : "number").cloneNode(true);
  const [first, second] = all("mn:empty", content);
  first.textContent = mantissa;
  if (second) second.textContent = String(Number(exponent)).replace("-", "−");
  return [...content.firstChild.childNodes];
}

function around(key, parts) {
  const [outer] = partsOf(key);
  one("[data-number]", outer).replaceWith(...parts);
  return [outer];
}

/**
 * The line `key` for node k with the present numbers. `i` is the index of an operand in its list; `own` has the nodes
 * and numbers that the page itself has names for.
 */
function line(key, k, i, own = {}, values = state.values) {
  const content = lines.get(key).cloneNode(true);
  const at = (index) => (Number(index) < 0 ? i : Number(index));
  chooseCases(content, k, at, values);
  const ours = Object.entries(own).map(([name, each]) => [`@${name}`, each]);
  const scope = { ...operands[k], ...Object.fromEntries(ours) };
  for (const blank of all("[data-name], [data-number]", content)) {
    const byName = "name" in blank.dataset;
    const [place, index] = (byName ? blank.dataset.name : blank.dataset.number).split(" ");
    const found = index === undefined ? scope[place] : scope[place][at(index)];
    const isOperand = !place.startsWith("@") || byName;
    const number = isOperand ? (isNode(found) ? values[found] : Number(found)) : found;
    blank.replaceWith(...(byName && isNamed(found) ? nameParts(found) : numberParts(number, blank.dataset.in)));
  }
  dropRepeated(all("math", content));
  return content;
}

/** Keep, of every case in a formula, the branch that holds for the node's numbers. */
function chooseCases(content, k, at, values) {
  for (const choice of all("[data-if]", content)) {
    if (!content.contains(choice)) continue;
    const test = rules[nodes[k].op].tests[choice.dataset.if];
    const holds = test(numbersOf(operands[k], values), at(choice.dataset.index));
    choice.replaceWith(choice.children[holds ? 0 : 1]);
  }
}

/** Drop a side of an equation that says the same as the next. */
function dropRepeated([, ...sides]) {
  sides.forEach((side, j) => side.textContent === sides[j + 1]?.textContent && side.remove());
}

const forwardLine = (k, values) => line(`forward ${nodes[k].pattern}`, k, undefined, {}, values);
const seedLine = () => line("seed", output, 0, { output });

/** One line of a parameter's move. */
const updateLine = ({ k, lines }, j) => line(`update ${j}`, k, 0, { ...lines[j], param: k });

function totalLine(operand, contributions) {
  const own = { output, operand, contributions, after: state.gradients[operand] };
  return line(`total ${contributions.length}`, operand, 0, own);
}

/** What the table says of the derivative at work. */
function ruleLine({ node }, position) {
  const [name] = places[node][position];
  return element("p", "rule", `${nodes[node].op}: `, lines.get(`rule ${nodes[node].op} ${name}`).cloneNode(true));
}

/** A line about one step of the way back: "first" or "further" for what was handed on, "local", or "term". Where the
 * local derivative does not exist, but no gradient comes down either, it says so. */
function passLine(kind, pass, position) {
  if (pass.stopped) return line("stopped", pass.node, 0, { ...pass, output });
  const [name, i] = places[pass.node][position];
  const key = kind === "term" ? kind : `${kind} ${name} ${nodes[pass.node].pattern}`;
  return line(key, pass.node, i, { ...pass, output });
}
