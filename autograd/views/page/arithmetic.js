// Python's arithmetic on floats where JavaScript's differs, and Python's way of writing them.

/** A number that does not exist, where Python raises an error. */
class Undefined extends Error {}

const fail = (message) => {
  throw new Undefined(message);
};

/** The primitives of the table by their names, failing where Python's do, or where JavaScript has no such function. */
function functions(primitives) {
  const checked = (name, compute) => (x) => {
    if (!compute) fail(`this page cannot compute ${name}, which JavaScript does not have`);
    const y = compute(x);
    if (Number.isNaN(y) && !Number.isNaN(x)) fail("math domain error");
    if (Number.isFinite(x) && !Number.isFinite(y)) fail(y > 0 ? "math range error" : "math domain error");
    return y;
  };
  return Object.fromEntries(Object.entries(primitives).map(([name, compute]) => [name, checked(name, compute)]));
}

/** The error function, which Math does not have: its Taylor series near 0, and a continued fraction of 1 - erf(x) beyond.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14. */
function erf(x) {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction));
}

/** Let formulas call the rules that take single operands, too. */
function callable(rules, f) {
  for (const [name, { lists, scalars, formula }] of Object.entries(rules))
    if (!lists.length && !Object.hasOwn(f, name))
      f[name] = (...numbers) => formula(Object.fromEntries(scalars.map((operand, j) => [operand, numbers[j]])));
}

function divide(a, b) {
  return b === 0 ? fail("float division by zero") : a / b;
}

function power(a, b) {
  const finite = Number.isFinite(a) && Number.isFinite(b);
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  if (a === 0 && b < 0 && finite) fail("0.0 cannot be raised to a negative power");
  if (a < 0 && finite && !Number.isInteger(b)) fail("a negative number has no real power with a fractional exponent");
  const y = a ** b;
  return finite && !Number.isFinite(y) ? fail("numerical result out of range") : y;
}

/** What a rule may do with the elements of lists of length n. */
const over = {
  sum(n, element) {
    let total = 0;
    for (let i = 0; i < n; i++) total += element(i);
    return total;
  },
  max(n, element) {
    let most = element(0);
    for (let i = 1; i < n; i++) if (element(i) > most) most = element(i);
    return most;
  },
};

/** The float as Python's repr writes it. */
function repr(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const size = Math.abs(x);
  if (x !== 0 && (size < 1e-4 || size >= 1e16)) return padded(x.toExponential());
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

/** A power of ten with two digits at least, as Python writes it. */
const padded = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");

/** The float in full where that takes at most `digits` decimals, else rounded to them; where that would keep fewer
 * figures than a tiny one has, as 1.2346e-12. */
function shortest(x, digits) {
  const exact = repr(x);
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return exact;
  if (Number.isInteger(x) && size < 1e16) return exact.slice(0, -2);
  if ((exact.split("e")[0].split(".")[1] ?? "").length <= digits) return exact;
  const decimals = Math.max(digits - 4, 2);
  if (Number(`1e${Math.min(decimals, digits - 1) - digits}`) <= size && size < 1e9) return rounded(x, "toFixed", digits);
  return padded(rounded(x, "toExponential", decimals));
}

/** The same in at most so many characters, with as many digits as that allows. */
function shortestWithin(characters, x, digits) {
  for (let kept = digits; kept > 0; kept--) {
    const text = shortest(x, kept);
    if (text.length <= characters) return text;
  }
  return padded(x.toExponential(2));
}

/** The float by toFixed or toExponential, but one that lies half-way goes to the even digit, as in Python. */
function rounded(x, how, digits) {
  const near = x[how](digits);
  if (!/5(e|$)/.test(repr(x))) return near;
  const [exact, exponent] = x[how](100).split("e");
  const end = exact.indexOf(".") + 1 + digits;
  const down = exact.slice(0, end);
  if (!/^50*$/.test(exact.slice(end)) || !/[02468]$/.test(down)) return near;
  return exponent === undefined ? down : `${down}e${exponent}`;
}
