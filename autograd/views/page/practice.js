// Practice: the numbers to come are hidden, and asked for one after the other.

const asking = { value: "The value", local: "The local derivative", gradient: "The gradient, with what came before," };

/** How far the steps can be seen. */
const frontier = () => state.practice?.reached ?? last;

function practise(on) {
  state.practice = on ? { reached: 0, part: 0, hints: 0, clean: true, asked: 0, right: 0 } : null;
  main.classList.toggle("practising", on);
  one("[data-act=practice]").setAttribute("aria-pressed", on);
  if (on) explain(null);
  show(on ? 0 : state.step);
  ask("");
}

/** The kinds of questions that a step asks, one after the other. */
function kindsOf({ phase }, pass) {
  if (phase === "forward") return ["value"];
  return pass.node === null || pass.stopped || !Number.isFinite(pass.local) ? [] : ["local", "gradient"];
}

/** What is asked now: its kind, the line that answers it, the right number and those that it is made of; null at the end. */
function question() {
  const { reached, part } = state.practice;
  if (reached === twoPasses.length) return null;
  const { k, position, phase } = steps[reached];
  const pass = state.passes[reached];
  const kind = kindsOf(steps[reached], pass)[part];
  if (phase === "forward") return { kind, line: forwardLine(k), answer: state.values[k], elsewhere: [] };
  const line = (kind === "local" ? localLine : shareLine)(pass, position);
  const answer = kind === "local" ? pass.local : pass.after;
  const numbers = { before: pass.before ?? 0, upstream: pass.upstream, local: pass.local };
  return { kind, line, answer, pass, ...numbers, elsewhere: elsewhere(k, position, pass) };
}

/** The derivatives with respect to the node's other operands, and at its own value in place of an operand's. */
function elsewhere(k, position, pass) {
  const [name, i] = places[k][position];
  const v = numbersOf(operands[k], state.values);
  const { lists, scalars, partials } = rules[nodes[k].op];
  const others = localsOf(k, state.values, 0).filter((each) => each !== false && each !== pass.local);
  const swapped = (lists.length ? [] : scalars).map((x) => () => partials[name]({ ...v, [x]: v.y, y: v[x] }, i));
  return [...others, ...swapped.map((compute) => orNothing(compute))];
}

function orNothing(compute) {
  try {
    return compute() ?? NaN;
  } catch {
    return NaN;
  }
}

/** The answers that are no digits: the numbers that are not finite, as they are shown. */
const notFinite = { __proto__: null, inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: NaN };

/** Whether a number is written like that when it is rounded to the digits typed. */
function agrees(typed, number) {
  if (typed in notFinite) return Object.is(notFinite[typed], number);
  const [digits, exponent] = typed.toLowerCase().split("e");
  const unit = 10 ** (Number(exponent ?? 0) - (digits.split(".")[1] ?? "").length);
  return Math.abs(Number(typed) - number) <= (unit / 2) * (1 + 1e-9);
}

/** How many figures are typed, without the zeros before them. */
function figuresOf(typed) {
  return typed.split(/e/i)[0].replace(/\D/g, "").replace(/^0+/, "").length;
}

/** Whether it was this number that was typed: one figure alone may be many numbers, rounded. */
function isWritten(typed, number) {
  return agrees(typed, number) && (typed in notFinite || figuresOf(typed) > 1 || Number(typed) === number);
}

/** What to say of an answer. */
function verdict(typed, asked) {
  if (!(typed in notFinite) && (!/\d/.test(typed) || Number.isNaN(Number(typed)))) return verdicts.NO_NUMBER;
  const { answer } = asked;
  if (isWritten(typed, answer)) return verdicts.RIGHT;
  const isNear = !figuresOf(typed) || Math.abs(Number(typed) - answer) <= Math.abs(answer) / 10;
  if (agrees(typed, answer) && isNear) return verdicts.FEW;
  const places = (compute) => (`${compute}`.includes("elsewhere") ? asked.elsewhere : [0]);
  const made = ([kinds, compute]) =>
    kinds.split(" ").includes(asked.kind) &&
    places(compute).some((elsewhere) => isWritten(typed, compute({ ...asked, elsewhere })));
  return overlooked.find(made)?.[2] ?? verdicts.WRONG;
}

/** Ask what is asked now, with what is to be said of the last answer. */
function ask(said) {
  const form = one(".practice");
  form.hidden = !state.practice;
  if (!state.practice) return;
  const { reached, asked, right } = state.practice;
  if (reached < twoPasses.length && !kindsOf(steps[reached], state.passes[reached]).length) return forth(said);
  const now = question();
  put(one(".said", form), said);
  put(one(".score", form), asked ? `${right} of ${asked} right at once` : "");
  one(".hints", form).replaceChildren();
  one("label", form).hidden = !now;
  for (const each of all("button", form)) each.hidden = !now;
  one(".asked", form).replaceChildren(...(now ? [`${asking[now.kind]} `, mathematics("span", "", now.line.slice(0, 1)), " ="] : ["All numbers are found."]));
  one("input", form).value = "";
}

/** The step is answered: show it, and ask the next. */
function forth(said) {
  Object.assign(state.practice, { reached: state.practice.reached + 1, part: 0 });
  show(state.practice.reached);
  ask(said);
}

function answer(typed) {
  const now = state.practice;
  const said = verdict(typed.trim().toLowerCase().replace("−", "-"), question());
  if (said !== verdicts.RIGHT) {
    now.clean &&= said === verdicts.FEW || said === verdicts.NO_NUMBER;
    return put(one(".practice .said"), said);
  }
  now.asked += 1;
  now.right += Number(now.clean);
  Object.assign(now, { part: now.part + 1, hints: 0, clean: true });
  const more = now.part < kindsOf(steps[now.reached], state.passes[now.reached]).length;
  return more ? ask(said) : forth(said);
}

/** A hint more: the rule, the rule with its numbers, the answer. */
function hint() {
  const now = state.practice;
  now.clean = false;
  now.hints = Math.min(now.hints + 1, 3);
  const { line } = question();
  const shown = [2, Math.max(line.length - 1, 2), line.length][now.hints - 1];
  one(".hints").replaceChildren(formula(line.slice(0, shown)));
}

one(".practice").addEventListener("submit", (event) => {
  event.preventDefault();
  answer(one(".practice input").value);
});
