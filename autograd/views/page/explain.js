// The whole chain rule of one node, as explain() writes it: the same links between nodes, with the present numbers.

function explain(k) {
  const [before, isWithin] = [state.explained, one(".explain").contains(document.activeElement)];
  state.explained = k;
  state.way = k === null || nodes[k].constant ? null : wayTo(k);
  follow(k);
  for (const edge of all(".edge.lit")) edge.classList.remove("lit");
  one(".explain").replaceChildren(...(k === null ? [] : explanation(k)));
  one(".explain").hidden = k === null;
  one(".words").scrollTop = 0;
  showEffect();
  showTraining();
  show(state.step);
  if (isWithin) (k === null ? shown[before].both[0] : one(".explain header > button")).focus();
}

function explanation(k) {
  const own = nodes[k].op ? formula(forwardLine(k)) : phrase`Its number, ${state.values[k]}, is given.`;
  const header = element("header", "", element("h2", "", nodes[k].name), own, button("Close", () => explain(null)));
  if (trail.length > 1) header.prepend(trailLine());
  if (nodes[k].constant) return [header];
  if (k === output) return [header, turning(), formula(seedLine())];
  if (!nodes[k].links) return [header, phrase`${[k]} gets no gradient: nothing that is trained depends on it.`];
  return [header, dependence(k), ...explainedAbove(k).flatMap(derivationOf)];
}

/** Through which nodes the output depends on this one, each a button that leads on to it. */
function dependence(k) {
  const users = [...new Set(uses(k).map(({ user }) => user))];
  const through = users.slice(0, SHOWN_TERMS).map((user) => button(nodes[user].name, () => explain(user), "onward"));
  const sentence = phrase`${[output]} depends on ${[k]} through`;
  sentence.append(...through.flatMap((each) => [" ", each]));
  if (users.length > through.length) sentence.append(` and ${users.length - through.length} more`);
  return sentence;
}

/** The nodes to explain one after the other, from the output on: those explained by themselves, and last k. */
function explainedAbove(k) {
  const found = new Set([k]);
  for (const each of found) for (const { start } of chainsTo(each)) if (start !== output) found.add(start);
  return [...found].toSorted((a, b) => b - a);
}

/** What leads to a node: each of its links, and before it those from its `start` on, which is explained by itself. */
function chainsTo(k) {
  return nodes[k].links.map((link) => {
    const factors = [factorOf(link, k)];
    while (!nodes[factors[0].of].own) factors.unshift(factorOf(nodes[factors[0].of].links[0], factors[0].of));
    return { start: factors[0].of, factors };
  });
}

/** The derivative of the node at the top of a link: the sum, over its ways, of the products along them. */
function factorOf(ways, wrt) {
  const products = ways.map((way) => multiplied(way.map((step) => state.passes[step].local)));
  return { of: steps[ways[0][0]].k, wrt, ways, value: products.reduce((total, each) => total + each, 0) };
}

/** A product as the way back multiplies: nothing is handed on of nothing. */
const multiplied = (numbers) => numbers.reduce((total, each) => (total === 0 ? 0 : total * each), 1);

/** Where the derivative of the output with respect to a node comes from: in symbols, factor by factor, in numbers. */
function derivationOf(k) {
  const chains = chainsTo(k);
  const several = chains.length > 1;
  const factors = element("div", "factors", ...factorLines(chains));
  const products = chains.map(({ start, factors: own }) => (start === output ? own : [upTo(start), ...own]));
  if (!several && products[0].length === 1) return [factors];
  const first = whole(derivative(output, k));
  const symbols = lit(products, (factor) => symbolOf(factor, several && isDirect(factor, chains)));
  const numbers = lit(products, ({ value }) => number(value));
  const values = pieces(products.map((each) => [asTerm(number(multiplied(each.map(({ value }) => value))))]));
  const result = behind("a == b", number(state.gradients[k]));
  return [
    ...(several ? [meeting(chains, k)] : []),
    mathematics("div", "route", [first, ...symbols]),
    factors,
    mathematics("div", "route", [first, ...numbers, ...(several ? values : []), result]),
  ];
}

/** The derivative of the output with respect to the node that a chain starts at, as a factor. */
const upTo = (start) => ({ of: output, wrt: start, ways: [], value: state.gradients[start] });

/** A derivative; one along the direct way, beside others, is not that of the whole. */
const symbolOf = ({ of, wrt }, direct) => (direct ? fill("direct", name(of), name(wrt)) : derivative(of, wrt));
const isDirect = (factor, chains) => chains.some(({ factors: [only, next] }) => only === factor && !next && only.of === output);

/** Each factor once: its formula, that with numbers, and its value. */
function factorLines(chains) {
  const different = new Map(chains.flatMap(({ factors }) => factors.map((each) => [`${each.of}-${each.wrt}`, each])));
  return [...different.values()].map((factor) => {
    const symbol = symbolOf(factor, chains.length > 1 && isDirect(factor, chains));
    return mathematics("div", "formula", equation(symbol, [...factorInBoth(factor), number(factor.value)]));
  });
}

/** The formula of a factor, with names and with numbers: its ways' local derivatives multiplied, but for those of 1. */
function factorInBoth({ ways }) {
  const written = ways.map((way) => way.map((step) => localInBoth(steps[step].k, steps[step].position)));
  return [0, 1].map((how) => {
    const terms = written.map((way) => productOfOthers(way.map((each) => each[how])));
    const rest = terms.length > SHOWN_TERMS ? [["<mtext>…</mtext>", ATOM], terms.at(-1)] : terms.slice(2);
    return sum([...terms.slice(0, 2), ...rest]);
  });
}

/** The product of those that are not written as 1. */
function productOfOthers(parts) {
  const others = parts.filter(([text]) => text !== number(1)[0]);
  return others.length ? product(others) : number(1);
}

/** A sum of products in pieces that know the edges that they are about. */
function lit(products, written) {
  const texts = pieces(products.map((factors) => factors.map((each) => asTerm(written(each)))));
  return products.flat().map(({ ways }, j) => {
    const edgesOf = ways.flat().map((step) => `${steps[step].k}-${steps[step].position}`);
    return `<span class="factor" data-edges="${edgesOf.join(" ")}">${texts[j]}</span>`;
  });
}

function meeting(chains, k) {
  const others = listed(chains.map(({ factors }) => factors.at(-1).of));
  return element("p", "", "The paths through ", ...others, " meet at ", element("b", "", nodes[k].name), ", and add up:");
}

/** Light the edges of the factor under the pointer. */
function lightFactor({ type, target }) {
  const factor = type === "pointerover" ? target.closest(".factor") : null;
  const lit = factor?.dataset.edges.split(" ") ?? [];
  for (const { box } of edges) box.classList.toggle("lit", lit.includes(box.dataset.edge));
}

for (const type of ["pointerover", "pointerleave"]) one(".explain").addEventListener(type, lightFactor);
