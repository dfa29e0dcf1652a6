// Mathematics: MathML by the rows of the notation. A part is a text and how tightly it holds together.

const [TERM, ATOM] = [2, 4];
const PLACES = " ETFA"; // what a row's places take without brackets: any expression, a term, a factor, an atom

/** A row of the notation with these parts in its places. */
function fill(row, ...parts) {
  const [text, tightness] = notation[row];
  return [text.replace(/[ETFA]/g, (place) => within(PLACES.indexOf(place), parts.shift())), tightness];
}

/** A part's text in a place that asks for this tightness: in brackets, if it holds together less tightly. */
const within = (tightness, part) => (part[1] >= tightness ? part : fill("brackets", part))[0];

const names = all("math", one("template.names").content).map((each) => each.innerHTML);
const name = (k) => [names[k], ATOM];
const derivative = (of, wrt) => fill("derivative", name(of), name(wrt));
const product = (parts) => parts.reduce((left, right) => fill("a * b", left, right));
const sum = (parts) => parts.reduce((left, right) => fill("a + b", left, right));
const number = (value) => numeral(written(value));

/** A number that is written already. */
function numeral(shown) {
  if (shown.startsWith("-")) return fill("-a", numeral(shown.slice(1)));
  const [mantissa, exponent] = shown.split("e");
  if (exponent) return fill("scientific", numeral(mantissa), numeral(String(Number(exponent))));
  return fill("number", [shown.replace("inf", "∞"), ATOM]);
}

/** What writes a node's operands: by their names, where they have any, or by their numbers. */
function operandsWritten(k, byName, values) {
  const write = (operand, i) => {
    const found = i === undefined ? operands[k][operand] : operands[k][operand][i];
    if (byName && isNamed(found)) return name(found);
    return number(isNode(found) ? values[found] : Number(found));
  };
  write.isFixed = (operand) => !isNamed(operands[k][operand]);
  return write;
}

/** A formula of node k, with names and with numbers: its own, "y", or its derivative with respect to an operand. */
function inBoth(k, formula, i, values = state.values) {
  const [write, numbers] = [patterns[nodes[k].pattern][formula], numbersOf(operands[k], values)];
  return [true, false].map((byName) => write(numbers, operandsWritten(k, byName, values), i));
}

/** The local derivative at one of a node's args, with names and with numbers. */
function localInBoth(k, position) {
  const [operand, i] = places[k][position];
  return inBoth(k, operand, i);
}

// --- Lines: lists of mathematics, between which a line can break ---

const whole = ([text]) => `<math>${text}</math>`;
const EMPTY = ["<mi></mi>", ATOM];

/** A part behind the sign of a row. */
const behind = (row, part) => whole(fill(row, EMPTY, part));
const asTerm = (part) => [within(TERM, part), ATOM];

/** A sum of products, each a list of factors, in pieces: a line can break before each factor. */
function pieces(products) {
  const sign = (j, place) => (place ? "a * b" : j ? "a + b" : "a == b");
  const inPlace = (part, factors) => (factors.length > 1 ? asTerm(part) : part);
  return products.flatMap((factors, j) => factors.map((part, place) => behind(sign(j, place), inPlace(part, factors))));
}

/** An equation, without the sides that say the same as the next. A side is one part, or a sum of products in pieces. */
function equation(first, sides, sign = "a == b") {
  const texts = sides.map((side, j) => (isPart(side) ? behind(j ? "a == b" : sign, side) : pieces(side).join("")));
  const said = texts.map((text) => text.replace(/<[^>]*>/g, ""));
  const different = texts.filter((_, j) => said[j] !== said[j + 1]);
  return [whole(first), ...different.map((text) => text.replace("<math>", '<math class="side">'))];
}

const isPart = ([text]) => typeof text === "string";

/** One of the three numbers of a contribution, in its colour, or what stands for it. */
const coloured = (part, [text, tightness]) => [`<mrow class="${part}">${text}</mrow>`, tightness];
const inColourOf = (part, [text, tightness]) => [`<mrow data-colour="${part}">${text}</mrow>`, tightness];

const forwardLine = (k, values = state.values) => equation(name(k), [...inBoth(k, "y", 0, values), number(values[k])]);
const seedLine = () => equation(derivative(output, output), [number(1)]);

/** What a node hands to an operand: its gradient times the local derivative, added to what was there before. */
function shareLine(pass, position) {
  const { node, operand, upstream, local, before, after } = pass;
  if (pass.stopped) return stoppedLine(pass);
  const up = coloured("upstream", number(upstream));
  const symbols = [inColourOf("upstream", derivative(output, node)), inColourOf("local", derivative(node, operand))];
  const products = localInBoth(node, position).map((each) => [up, inColourOf("local", each)]);
  const kept = before === undefined ? [] : [[number(before)]];
  const sides = [symbols, ...products, [up, coloured("local", number(local))]].map((factors) => [...kept, factors]);
  return equation(derivative(output, operand), [...sides, coloured("result", number(after))]);
}

/** What stands in its place where no gradient comes down to a derivative that does not exist. */
function stoppedLine({ node, operand, after }) {
  const is = (k, value) => fill("a == b", derivative(output, k), number(value));
  return [whole(fill("stopped", is(operand, after), is(node, 0)))];
}

const localLine = ({ node, operand, local }, position) =>
  equation(derivative(node, operand), [...localInBoth(node, position), number(local)]);

/** One line of a parameter's move. */
function updateLine({ k, lines }, j) {
  const [text, formula] = updateFormulas[j];
  const byName = (quantity, itsName) => (quantity === "w" ? name(k) : [itsName, ATOM]);
  const byNumber = (quantity) => number(lines[j][quantity]);
  const sides = [...[byName, byNumber].map((write) => formula(lines[j], write)), number(lines[j].next)];
  return equation(byName(updateLines[j][0], text), sides, updateLines[j][0] === "w" ? "becomes" : "a == b");
}

/** What the table says of the derivative at work. */
function ruleLine({ node }, position) {
  const { op } = nodes[node];
  return element("p", "rule", `${op}: `, mathematics("span", "", [tableLines[`${op} ${places[node][position][0]}`]]));
}

/** An element with lines of mathematics, all of which this module has made. */
function mathematics(tag, className, lines) {
  const made = element(tag, className);
  made.innerHTML = lines.join("");
  return made;
}
