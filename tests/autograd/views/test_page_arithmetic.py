"""The page's arithmetic, generated from the table: the same numbers as the engine's, and written the same way."""

import math
import random
from importlib import resources

import pytest
import table_rows

from autograd import Value
from autograd.rules import PRIMITIVES, TABLE, parse
from autograd.views.notation import shortest
from autograd.views.page import literal
from autograd.views.page.javascript import OnPage, rules_as_javascript

SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -3.0,
    709.0,
    710.0,
    -710.0,
    1e-320,
    1e308,
    math.inf,
    -math.inf,
    math.nan,
]


@pytest.fixture(scope="module")
def run(browser):
    """`run(script, argument)` calls a JavaScript function where the page's arithmetic and every rule is defined."""
    arithmetic = resources.files("autograd.views.page").joinpath("arithmetic.js").read_text(encoding="utf-8")
    rules = rules_as_javascript(TABLE.values())
    calls = """
        const read = (numbers) => Array.isArray(numbers) ? numbers.map(read) : Number(numbers);
        const attempt = (compute) => { try { return repr(compute()); } catch (error) {
            if (error instanceof Undefined) return error.message;
            throw error;
        } };
    """
    context = browser.new_context()
    tab = context.new_page()
    yield lambda script, argument: tab.evaluate(
        f"(argument) => {{{arithmetic}\n{rules}\n{calls}\nreturn ({script})(argument)}}", argument
    )
    context.close()


def attempt(compute):
    """The float that Python computes, or None where it raises an error."""
    try:
        result = compute()
    except (ValueError, ArithmeticError):
        return None
    return None if isinstance(result, complex) else result


def agree(shown, number):
    """Whether a float as repr writes it, or an error's message, is what Python makes of it."""
    if number is None:
        return any(letter in shown for letter in "dmg") and not agree_as_float(shown)
    got = float(shown)
    if number == 0.0 or not math.isfinite(number):
        return repr(got) == repr(number)
    return math.isclose(got, number, rel_tol=1e-12)


def agree_as_float(shown):
    try:
        float(shown)
    except ValueError:
        return False
    return True


def test_operators_and_primitives_are_pythons_where_javascripts_differ(run):
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL]
    found = run(
        """(pairs) => pairs.map(read).map(([a, b]) => [attempt(() => divide(a, b)), attempt(() => power(a, b))])""",
        [[literal(a), literal(b)] for a, b in pairs],
    )
    for (a, b), (quotient, power) in zip(pairs, found):
        assert agree(quotient, attempt(lambda a=a, b=b: a / b)), (a, "/", b)
        assert agree(power, attempt(lambda a=a, b=b: a**b)), (a, "**", b)
    found = run(
        "([names, numbers]) => names.map((name) => numbers.map((x) => attempt(() => f[name](Number(x)))))",
        [[*PRIMITIVES], [literal(x) for x in SPECIAL]],
    )
    for name, results in zip(PRIMITIVES, found):
        for x, result in zip(SPECIAL, results):
            assert agree(result, attempt(lambda name=name, x=x: PRIMITIVES[name].python(x))), (name, x)


@pytest.mark.parametrize("rule", table_rows.ROWS, ids=lambda rule: rule.name)
def test_every_row_of_the_table_computes_what_the_engine_does(run, rule):
    points = table_rows.points(rule)
    outputs = [table_rows.on_places(rule)(*map(Value, point)) for point in points]
    for output in outputs:
        output.backward()
    numbers = [
        {
            name: [*map(literal, each)] if name in rule.lists else literal(each)
            for name, each in grouped(rule, point).items()
        }
        for point in points
    ]
    found = run(
        """([name, points, places]) => points.map((point) => {
            const {formula, partials} = rules[name];
            const v = Object.fromEntries(Object.entries(point).map(([key, each]) => [key, read(each)]));
            v.n = Math.max(0, ...Object.values(v).map((each) => each.length ?? 0));
            v.y = formula(v);
            return [v.y, ...places.map(([operand, i]) => partials[operand](v, i) ?? 0)].map(repr);
        })""",
        [rule.name, numbers, [place(each) for each in rule.places(points[0])]],
    )
    for output, (value, *partials) in zip(outputs, found):
        assert math.isclose(float(value), output.data, rel_tol=1e-12, abs_tol=1e-15)
        for got, arg in zip(partials, output.args):
            assert math.isclose(float(got), arg.grad, rel_tol=1e-12, abs_tol=1e-15)


def grouped(rule, point):
    return dict(zip(rule.operands, rule.group(point)))


def place(text):
    operand, _, index = text.rstrip("]").partition("[")
    return [operand, int(index or 0)]


def test_numbers_are_written_as_the_other_views_write_them(run):
    rng = random.Random(8)
    numbers = [*SPECIAL, 123456789.0, 1e9, 1e15, 1e16, 1e22, 0.1 + 0.2, 1e-4, 9.9999999e-5, 1.5e-7, 1e-7, 5e-324]
    numbers += [sign * rng.randint(1, 999) / 2**power for power in range(1, 30) for sign in (1, -1) for _ in range(10)]
    numbers += [rng.choice((1, -1)) * rng.random() * 10.0 ** rng.randint(-20, 20) for _ in range(2000)]
    for digits in (2, 4, 8, 12):
        found = run(
            "([numbers, digits]) => numbers.map((x) => shortest(Number(x), digits))",
            [[literal(x) for x in numbers], digits],
        )
        assert found == [shortest(x, digits) for x in numbers]
    assert run("(numbers) => numbers.map((x) => repr(Number(x)))", [literal(x) for x in numbers]) == [
        repr(x) for x in numbers
    ]


def test_only_the_rules_that_are_needed_are_written():
    source = rules_as_javascript([TABLE["softplus"]])
    assert '"sigmoid": {' in source
    assert '"dot": {' not in source


def test_a_rule_reads_as_a_person_would_write_it():
    source = rules_as_javascript([TABLE["sigmoid"], TABLE["dot"]])
    assert "formula: (v) => v.a > (-700) ? divide(1, 1 + f.exp(-v.a)) : f.exp(v.a)," in source
    assert 'partials: { "a": (v) => v.y * (1 - v.y) },' in source
    assert "formula: (v) => over.sum(v.n, (i) => v.weights[i] * v.inputs[i]) + v.bias," in source


@pytest.mark.parametrize(
    "text",
    ["-a ** 2", "(-a) ** 2", "a - (b - a)", "a / (b / a)", "a * (b / a)", "1e-12 + a", "1 if 0 < a <= b else 0",
     "1 if a < b else 2 if a > 1 else 3", "abs(a) ** -b", "1e999 * a", "2 if a - 1.5 else 3",
     "(a if a > b else b) * 2"],
)  # fmt: skip
def test_the_notation_of_rules_means_the_same_in_javascript(run, text):
    points = [(1.5, 0.25), (0.25, 1.5), (-2.0, 3.0)]
    source = OnPage().visit(parse(text))
    found = run(
        f"(points) => points.map(([a, b]) => {{ const v = {{a, b}}; return attempt(() => {source}); }})", points
    )
    for (a, b), shown in zip(points, found):
        assert agree(shown, float(eval(text, {"abs": abs}, {"a": a, "b": b})))
