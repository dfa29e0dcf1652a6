"""Notation: what is written, read back as arithmetic, is the number it stands for; names are only ever text."""

import ast
import math
import operator
import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from table_rows import ROWS, on_places, patterns, points

import autograd
from autograd import Value, ops, topological_order
from autograd.derivatives import local_partials, number_or_zero
from autograd.rules import parse
from autograd.views.notation import LATEX, MATHML, TEXT, Names, Operand, formula, partial, shortest, substitute
from autograd.views.styles import NOTATION, taken_apart

nan, inf = math.nan, math.inf
quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)

HOSTILE = [
    "</script>", "\"'", "{|}", "&amp;", "@@X@@", r"\input{x}", "$", "%", "#", "_", "^", "~", "\\", "한국어",
    "a\u2028b", "a\nb", "}", "{", "]]>", "<!--", "a & b", r"\\", r"\end{aligned}", "w_{5}", "x^2", "a b", "w5'",
]  # fmt: skip


# --- Reading back: text, LaTeX and MathML to Python's arithmetic, bracketed only where a reader sees a bracket or a bar

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS = {
    **{
        name: getattr(math, name)
        for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "atan", "tanh", "erf")
    },
    "abs": abs,
    "floor": math.floor,
    **{name: lambda *numbers: max(numbers) for name in ("max", "maximum")},
    **{name: lambda *numbers: min(numbers) for name in ("min", "minimum")},
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log(1 + math.exp(x)),
}


class E:
    """The base of e^x, as LaTeX and MathML write exp(x): a power of it is what the function gives."""

    def __init__(self, exp):
        self.exp = exp

    def __pow__(self, exponent):
        return self.exp(exponent)


def number_of(tree, names, functions=FUNCTIONS, number=float):
    """What an expression comes to, with Operands by their values and other names looked up."""

    def of(tree):
        if isinstance(tree, Operand):
            return number(repr(tree.value))
        if isinstance(tree, ast.Name):
            return E(functions["exp"]) if tree.id == "e" else {"pi": math.pi, "π": math.pi, **names}[tree.id]
        if isinstance(tree, ast.Constant):
            return number(repr(tree.value))
        if isinstance(tree, ast.UnaryOp):
            return -of(tree.operand)
        if isinstance(tree, ast.BinOp):
            return OPERATORS[type(tree.op)](of(tree.left), of(tree.right))
        assert isinstance(tree, ast.Call), ast.dump(tree)
        return functions[tree.func.id](*map(of, tree.args))

    return of(tree)


def from_text(text):
    return text.replace("×", "*").replace("^", "**")


def from_latex(text):
    text = re.sub(r"\\(?:text|operatorname)\{((?:\\.|[^{}\\])*)\}", lambda found: found[1].replace("\\", ""), text)
    text = re.sub(r"([A-Za-z])_\{(\w+)\}", r"\1\2", text)
    for latex, python in ((r"\left|", "abs("), (r"\right|", ")"), (r"\times", "*"), (r"\left", ""), (r"\right", "")):
        text = text.replace(latex, python)
    text = re.sub(r"\\(cos|exp|log|max|min|pi|sin|tanh?)\b", r"\1", text).replace(r"\arctan", "atan")
    before = None
    while text != before:  # from the innermost braces outwards
        before = text
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\{([^{}]*)\}\^\{([^{}]*)\}", r"\1**(\2)", text)
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text)
        text = re.sub(r"\b(e|10)\^\{([^{}]*)\}", r"\1**(\2)", text)
    return text


def from_mathml(text):
    def of(element):
        inner = [of(child) for child in element]
        if element.tag == "mfrac":
            return "(({})/({}))".format(*inner)
        if element.tag == "msup":
            return "{}**({})".format(*inner)
        if element.tag == "msqrt":
            return f"sqrt({''.join(inner)})"
        if inner and inner[0] == inner[-1] == "|":
            return f"abs({''.join(inner[1:-1])})"
        assert element.tag in ("math", "mrow", "mo", "mi", "mn", "mtext", "msub"), element.tag
        return (element.text or "").translate(str.maketrans("×−", "*-")) + "".join(inner)

    return of(ET.fromstring(MATHML.whole(text)))


STYLES = {TEXT: from_text, LATEX: from_latex, MATHML: from_mathml}


def read_back(style, written):
    return parse(STYLES[style](written).strip())


# --- Every row of the table


def graph(rule, point, pattern=None):
    """The row over operands p0, p1, ..., called q, with what to call its nodes and their data by that name."""
    places = [Value(x, name=f"p{k}") for k, x in enumerate(point)]
    node = on_places(rule)(*(v if is_value else v.data for v, is_value in zip(places, pattern or [True] * len(places))))
    node.named("q")
    return node, Names(topological_order(node)), {each.name: each.data for each in topological_order(node)}


def short(point):
    """The point's numbers with so few digits that they are written in full."""
    return [round(x, 4) for x in point]


def close(found, expected):
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-11)


def assert_written(tree, data, expected):
    assert close(number_of(tree, {}), expected)
    for style in STYLES:
        assert close(number_of(read_back(style, style.write(tree)), data), expected)
        assert close(number_of(read_back(style, style.write(tree, 20)), {}), expected)


@pytest.mark.parametrize("n", [1, 3, 6])
@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_a_rows_formula_and_partials_come_to_the_nodes_numbers(rule, n):
    for point in points(rule, n=n):
        node, names, data = graph(rule, short(point))
        assert_written(formula(node, names), data, node.data)
        for position, local in local_partials(node).items():
            assert_written(partial(node, position, names), data, number_or_zero(local))


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_numbers_stand_in_a_formula_as_numbers(rule):
    point = short(points(rule, count=1)[0])
    for pattern in patterns(rule):
        node, names, data = graph(rule, point, pattern)
        assert_written(formula(node, names), data, node.data)
        for position, local in local_partials(node).items():
            assert_written(partial(node, position, names), data, number_or_zero(local))


def balanced(latex):
    """Whether braces, environments and \\left \\right pairs close in the order in which they open."""
    stack = []
    bare = re.sub(r"\\[{}\\]", "", latex)
    for opening, closing in re.findall(r"(\{|\\left.|\\begin(?=\{))|(\}|\\right.|\\end(?=\{))", bare):
        if opening:
            stack.append(opening)
        elif not stack or stack.pop()[:5] != {"}": "{", "\\end": "\\begi"}.get(closing, "\\left"):
            return False
    return not stack


def test_what_counts_as_balanced():
    assert all(map(balanced, [r"{a}", r"\left({a}\right)", r"\{", r"\begin{cases} a \\ b \end{cases}"]))
    assert not any(map(balanced, ["{", "}{", r"\left(", r"{\left(}\right)", r"\right)\left(", r"\begin{cases}"]))


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_a_rows_own_text_is_written_in_every_style(rule):
    for text in (rule.formula, *rule.partials.values()):
        tree = parse(text)
        assert balanced(LATEX.write(tree))
        assert "".join(ET.fromstring(MATHML.whole(MATHML.write(tree))).itertext())
        for operand in rule.operands:
            mentions = any(isinstance(each, ast.Name) and each.id == operand for each in ast.walk(tree))
            assert bool(re.search(rf"\b{operand}(_i)?\b", TEXT.write(tree))) == mentions


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_a_nodes_latex_is_balanced_and_its_mathml_parses(rule, n):
    node, names, _ = graph(rule, short(points(rule, count=1, n=n)[0]))
    for tree in (formula(node, names), *(partial(node, k, names) for k in range(len(node.args)))):
        for digits in (None, 4):
            assert balanced(LATEX.write(tree, digits))
            ET.fromstring(MATHML.whole(MATHML.write(tree, digits)))


def test_a_case_within_the_last_case_is_one_more_of_them():
    tree = parse("1 if a > b else 0 if a < b else y")
    assert TEXT.write(tree) == "1 if a > b, else 0 if a < b, else y"
    cases = r"1 & \text{if } a > b \\ 0 & \text{if } a < b \\ y & \text{otherwise}"
    assert LATEX.write(tree) == rf"\begin{{cases}} {cases} \end{{cases}}"
    [table] = ET.fromstring(MATHML.write(tree)).iter("mtable")
    rows = ["".join(each.itertext()).replace("\xa0", " ") for each in table]
    assert rows == ["1if a>b", "0if a<b", "yotherwise"]


# --- The table of notation


@pytest.mark.parametrize("row", NOTATION)
def test_every_style_has_a_place_for_every_part_of_a_row(row):
    _, *columns = NOTATION[row]
    counts = {len(re.findall("[ETFA]", each)) for each in columns if each is not None}
    parts = taken_apart(parse(row))[1]
    assert len(counts) == 1
    assert not parts or counts == {len(parts)}


@pytest.mark.parametrize("row", [row for row, columns in NOTATION.items() if columns[-1]])
def test_every_row_is_one_element_of_mathml_wherever_it_stands(row):
    """So that it can be above or below a line, or the base of a power, as it is; arguments stand between brackets."""
    *_, mathml = NOTATION[row]
    element = ET.fromstring(f"<math>{re.sub('[ETFA]', '<mi>x</mi>', mathml)}</math>")
    assert len(element) == 1 or row == "arguments"
    takes = {"mfrac": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2, "msqrt": 1}
    assert all(len(each) == takes.get(each.tag, len(each)) for each in element.iter())


@pytest.mark.parametrize(
    ("text", "latex", "mathml"),
    [
        ("erf(a)", r"\operatorname{erf}\left(a\right)", "erf(a)"),
        ("my_f(a, b, c)", r"\operatorname{my\_f}\left(a, b, c\right)", "my_f(a,b,c)"),
    ],
)
def test_a_function_that_no_table_has_is_written_by_its_name(text, latex, mathml):
    tree = parse(text)
    assert (TEXT.write(tree), LATEX.write(tree)) == (text, latex)
    assert "".join(ET.fromstring(MATHML.write(tree)).itertext()) == mathml


def test_a_rules_own_words_have_symbols_and_a_persons_names_are_names():
    rules, persons = parse("2 * pi"), substitute("2 * pi", {"pi": Operand("pi", 3.0)})
    assert [style.write(rules) for style in (TEXT, LATEX)] == ["2 × π", r"2 \times \pi"]
    assert [style.write(persons) for style in (TEXT, LATEX)] == ["2 × pi", r"2 \times \pi"]
    assert [style.write(persons, 8) for style in (TEXT, LATEX)] == ["2 × 3", r"2 \times 3"]
    assert "".join(ET.fromstring(MATHML.write(rules)).itertext()) == "2×π"
    for name in ("…", "inf", "nan", "maximum", "log"):
        assert LATEX.write(Operand(name, 1.0)) == rf"\text{{{name}}}"


# --- Brackets

NUMBERS = {"a": -2.0, "b": 0.5, "c1": 3.0, "E_t": -0.25, "m": 2.0, "k": 1.0}
STAND_INS = {  # on fractions, so that what is read back is compared exactly; the functions are any that tell apart
    "exp": lambda x: 2 * x + Fraction(1, 3),
    "log": lambda x: 5 * x - Fraction(1, 7),
    "log1p": lambda x: 5 * (1 + x) - Fraction(1, 7),
    "sqrt": lambda x: 3 * x + Fraction(2, 11),
    "tanh": lambda x: 7 * x + Fraction(1, 5),
    "abs": abs,
    "maximum": max,
    "max": max,
    "minimum": min,
    "min": min,
}


def operands():
    return st.sampled_from(sorted(NUMBERS)).map(lambda name: Operand(name, NUMBERS[name]))


def constants(*numbers):
    return st.sampled_from(numbers).map(ast.Constant)


def binary(left, right, *kinds):
    return st.builds(ast.BinOp, left, st.sampled_from(kinds).map(lambda kind: kind()), right)


WHOLE = st.sampled_from(["m", "k", "a"]).map(lambda name: Operand(name, NUMBERS[name])) | constants(-2, 2.0, 3)
EXPONENTS = WHOLE | binary(WHOLE, WHOLE, ast.Sub) | st.builds(ast.UnaryOp, st.just(ast.USub()), WHOLE)
TREES = st.recursive(
    operands() | constants(-1.5, 2, 0.25, -3, 1e-12),
    lambda trees: st.one_of(
        binary(trees, trees, ast.Add, ast.Sub, ast.Mult, ast.Div),
        binary(trees, EXPONENTS, ast.Pow),
        st.builds(ast.UnaryOp, st.just(ast.USub()), trees),
        st.builds(
            lambda name, argument: ast.Call(ast.Name(name), [argument], []),
            st.sampled_from(["exp", "log", "log1p", "sqrt", "tanh", "abs"]),
            trees,
        ),
        st.builds(lambda name, *both: ast.Call(ast.Name(name), [*both], []), st.just("maximum"), trees, trees),
    ),
    max_leaves=10,
)


def a_tree(text):
    """An expression in Python's arithmetic, with the names of NUMBERS as operands."""
    return substitute(text, {name: Operand(name, number) for name, number in NUMBERS.items()})


def exactly(tree):
    names = {name.replace("_", ""): Fraction(x) for name, x in NUMBERS.items()} | {"E_t": Fraction(NUMBERS["E_t"])}
    return number_of(tree, names, STAND_INS, Fraction)


@quick
@given(TREES)
@example(a_tree("a - (b - c1)"))
@example(a_tree("a - (b + c1)"))
@example(a_tree("a / (b * c1)"))
@example(a_tree("a / (b / c1)"))
@example(a_tree("(a / b) / (c1 / E_t)"))
@example(a_tree("-(a + b) ** 2"))
@example(a_tree("(-a) ** 2"))
@example(a_tree("(-2) ** 2"))
@example(a_tree("-(-a)"))
@example(a_tree("a - -b"))
@example(a_tree("(a ** m) ** m"))
@example(a_tree("a ** -m"))
@example(a_tree("(a * b) ** m"))
@example(a_tree("(a / b) ** m"))
@example(a_tree("exp(a) ** m"))
@example(a_tree("log1p(-a)"))
@example(a_tree("1e-12 ** m"))
@example(a_tree("-a * b"))
@example(a_tree("-(a * b)"))
@example(a_tree("-(a - b)"))
def test_brackets_stand_where_they_are_needed(tree):
    try:
        expected = exactly(tree)
    except ZeroDivisionError:
        reject()
    for style in STYLES:
        for digits in (None, 12):
            assert exactly(read_back(style, style.write(tree, digits))) == expected


@quick
@given(TREES, TREES)
def test_factors_of_a_product_are_bracketed_where_they_need_it(left, right):
    try:
        expected = exactly(left) * exactly(right)
    except ZeroDivisionError:
        reject()
    for style in STYLES:
        written = style.product([style.factor(left), style.factor(right)])
        assert exactly(read_back(style, written)) == expected


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ("a + b + c1", "a + b + c1"),
        ("a * b * c1", "a × b × c1"),
        ("a * b ** 2", "a × b^2"),
        ("-a ** 2", "-a^2"),
        ("a * b / c1", "a × b / c1"),
        ("a / b ** 2", "a / b^2"),
        ("a ** b ** 2", "a^(b^2)"),
        ("(a)", "a"),
        ("exp(a + b)", "exp(a + b)"),
    ],
)
def test_brackets_do_not_stand_where_they_are_not_needed(tree, text):
    assert TEXT.write(a_tree(tree)) == text


@pytest.mark.parametrize(
    ("tree", "latex"),
    [
        ("a * (b / c1)", r"a \times \frac{b}{c_{1}}"),
        ("sqrt(a) ** 2", r"{\sqrt{a}}^{2}"),
        ("abs(a) ** 2", r"{\left|a\right|}^{2}"),
        ("log1p(a) ** 2", r"{\log\left(1 + a\right)}^{2}"),
        ("exp(a) * b", r"e^{a} \times b"),
    ],
)
def test_latex_has_no_brackets_around_what_holds_together_by_its_looks(tree, latex):
    assert LATEX.write(a_tree(tree)) == latex


@pytest.mark.parametrize("tree", ["a + (-3)", "a - (-3)", "a + -b", "log1p(-a)", "log1p(-3)", "a * -3", "a / -3"])
def test_no_two_signs_stand_side_by_side(tree):
    for digits in (None, 8):
        assert not re.search(r"[-+×/] *[-+]", TEXT.write(a_tree(tree), digits))
        assert not re.search(r"(?:[-+]|\\times) *[-+]", LATEX.write(a_tree(tree), digits))
        assert not re.search(r"[−+×][−+]", "".join(ET.fromstring(MATHML.write(a_tree(tree), digits)).itertext()))


def test_the_terms_of_a_sum_over_i_are_bracketed_if_they_are_sums():
    product, difference = parse("sum(x[i] * t[i]) + b"), parse("sum(x[i] - t[i]) + b")
    assert LATEX.write(product) == r"\sum_i x_{i} \times t_{i} + b"
    assert LATEX.write(difference) == r"\sum_i \left(x_{i} - t_{i}\right) + b"
    assert "".join(ET.fromstring(MATHML.write(difference)).itertext()) == "∑i(xi−ti)+b"
    assert TEXT.write(difference) == "sum(x_i - t_i) + b"


# --- Names


@pytest.mark.parametrize(
    ("name", "latex", "mathml"),
    [
        ("w5", "w_{5}", "<msub><mi>w</mi><mtext>5</mtext></msub>"),
        ("E_total", "E_{total}", "<msub><mi>E</mi><mtext>total</mtext></msub>"),
        ("h1", "h_{1}", "<msub><mi>h</mi><mtext>1</mtext></msub>"),
        ("z_3", "z_{3}", "<msub><mi>z</mi><mtext>3</mtext></msub>"),
        ("x", "x", "<mi>x</mi>"),
        ("alpha", r"\alpha", "<mi>α</mi>"),
        ("beta1", r"\beta_{1}", "<msub><mi>β</mi><mtext>1</mtext></msub>"),
        ("eps", r"\varepsilon", "<mi>ε</mi>"),
        ("pi", r"\pi", "<mi>π</mi>"),
        ("m_hat", r"\hat{m}", "<mover accent='true'><mi>m</mi><mo>^</mo></mover>"),
    ],
)
def test_letters_with_subscripts_and_greek_letters_are_set_as_mathematics(name, latex, mathml):
    assert (TEXT.name(name), LATEX.name(name), MATHML.name(name)) == (name, latex, mathml)


@pytest.mark.parametrize("name", ["total", "alphabet", "w5x", "E_", "_", "5", "w5 ", "learning_rate", "w_é"])
def test_other_names_are_set_as_text(name):
    assert LATEX.name(name).startswith(r"\text{")
    assert MATHML.name(name) == f"<mtext>{name}</mtext>"


LATEX_CHARACTERS = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}


def text_in_latex(latex):
    r"""What LaTeX prints for `\text{...}`; the test fails at any character that would be more than text."""
    inside = re.fullmatch(r"\\text\{(.*)\}", latex)
    assert inside, latex
    token = re.compile(r"(\\text\w+\{\})|\\([{}$&#_%])|([^\\{}$&#_%^~\n\r\u2028\u2029])")
    printed, at = "", 0
    while at < len(inside[1]):
        found = token.match(inside[1], at)
        assert found, f"{latex!r} has more than text at {inside[1][at:]!r}"
        printed += LATEX_CHARACTERS[found[1]] if found[1] else found[2] or found[3]
        at = found.end()
    return printed


is_text = st.text(
    st.characters(exclude_categories=["C"], include_characters="\n\t") | st.sampled_from("\\{}$&#_%^~<>\"'|@ \n\u2028"),
    min_size=2,
    max_size=60,
).filter(lambda name: not re.fullmatch(r"\w+\+?", name, re.ASCII) and name.strip())


@quick
@given(is_text)
def test_any_other_name_is_escaped_text(name):
    assert text_in_latex(LATEX.name(name)) == " ".join(name.split())
    assert "".join(ET.fromstring(MATHML.name(name)).itertext()) == name


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped_text_wherever_they_stand(name):
    node = (Value(2.0, name=name) * Value(3.0, name=name)).named("y")
    names = Names(topological_order(node))
    for tree in (formula(node, names), partial(node, 1, names)):
        assert text_in_latex(LATEX.name(name)) == " ".join(name.split())
        assert LATEX.name(name) in LATEX.write(tree)
        assert balanced(LATEX.write(tree))
        assert name in "".join(ET.fromstring(MATHML.whole(MATHML.write(tree))).itertext())
        assert re.fullmatch("2( × 3)?", TEXT.write(tree, 8))
    assert LATEX.derivative(name, name) == rf"\frac{{\partial {LATEX.name(name)}}}{{\partial {LATEX.name(name)}}}"
    assert "".join(ET.fromstring(MATHML.derivative(name, "x")).itertext()) == f"∂{name}∂x"


@pytest.mark.parametrize("name", ["a\nb", "a\u2028b", "a\r\nb", "a\u2029b\x85"])
def test_a_name_takes_one_line_of_text_and_of_latex(name):
    assert len(TEXT.name(name).splitlines()) == 1
    assert len(LATEX.name(name).splitlines()) == 1


@pytest.mark.parametrize("name", ["exp", "__import__('os')", "1 / 0", "n", "y", "maximum", "lambda: 0"])
def test_a_name_is_never_looked_up_or_run(name):
    node = Value(-2.0, name=name).relu()
    assert TEXT.write(formula(node, Names(topological_order(node)))) == "0"
    power = Value(2.0, name=name) ** 3
    assert TEXT.write(partial(power, 0, Names(topological_order(power)))) == f"3 × {name}^2"


def test_names_for_the_unnamed_are_short_stable_and_nobodys_own():
    v1, x = Value(1.0, name="v1"), Value(2.0)
    order = topological_order((v1 * x).named("v3") + x * x)
    names = Names(order)
    assert [names[node] for node in order] == ["v1", "v2", "v3", "v4", "v5"]
    assert Names(order) == names


@quick
@given(st.lists(st.sampled_from(["", "", "v1", "v2", "v3", "v4", "a", "…"]), min_size=1, max_size=9))
def test_no_name_for_the_unnamed_is_given_twice(given_names):
    nodes = [Value(0.0, name=name) for name in given_names]
    names = Names(nodes)
    fresh = [names[node] for node in nodes if not node.name]
    assert len({*fresh}) == len(fresh)
    assert not {*fresh} & {*given_names}
    assert all(re.fullmatch(r"v[1-9][0-9]*", name) for name in fresh)
    assert all(names[node] == node.name for node in nodes if node.name)


def test_a_leaf_has_no_formula():
    x = Value(1.0, name="x")
    for ask in (lambda: formula(x, Names([x])), lambda: partial(x, 0, Names([x]))):
        with pytest.raises(ValueError, match=r"x.*leaf"):
            ask()


# --- Numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.45, "0.45"),
        (2.0, "2"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "-0"),
        (0.20944599999, "0.20944600"),
        (nan, "nan"),
        (inf, "inf"),
        (-inf, "-inf"),
        (1e300, "1e+300"),
        (1e-300, "1e-300"),
        (5e-324, "5e-324"),
        (1.234567891e-12, "1.2346e-12"),
        (1.2345678912345e200, "1.2346e+200"),
    ],
)
def test_numbers_at_eight_digits(number, shown):
    assert shortest(number, 8) == shown


@quick
@given(st.floats(allow_nan=False))
def test_a_number_with_digits_enough_is_written_in_full(number):
    assert float(shortest(number, 25)) == number


@quick
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(2, 12))
@example(0.1 + 0.2, 8)
@example(999999999.9999999, 2)
@example(-1e-7 / 3, 8)
def test_a_number_keeps_its_sign_and_what_its_digits_can_show(number, digits):
    shown = shortest(number, digits)
    mantissa, _, exponent = shown.partition("e")
    assert len(mantissa.partition(".")[2]) <= digits
    assert shown.startswith("-") == (math.copysign(1.0, number) < 0)
    assert (float(shown) == 0.0) == (number == 0.0)
    exact = Fraction(repr(number))
    rounding = abs(exact) / 10 ** max(digits - 4, 2) if exponent else Fraction(1, 10**digits)
    assert abs(Fraction(shown) - exact) <= rounding / 2


@pytest.mark.parametrize(
    ("number", "latex", "mathml"),
    [
        (-2.5, "-2.5", "−2.5"),
        (1e-9, r"1 \times 10^{-9}", "1×10−9"),
        (-1.5e300, r"-1.5 \times 10^{300}", "−1.5×10300"),
        (inf, r"\infty", "∞"),
        (-inf, r"-\infty", "−∞"),
        (nan, r"\text{nan}", "nan"),
        (-0.0, "-0", "−0"),
    ],
)
def test_numbers_in_latex_and_mathml(number, latex, mathml):
    assert LATEX.number(shortest(number, 8)) == latex
    assert "".join(ET.fromstring(MATHML.whole(MATHML.number(shortest(number, 8)))).itertext()) == mathml


def test_negative_numbers_stand_in_brackets_under_a_power_and_in_products():
    a, b = Value(-2.0, name="a"), Value(-3.0, name="b")
    assert written(a**2, digits=8) == "(-2)^2"
    assert written(a * b, digits=8) == "(-2) × (-3)"
    assert written(a - b, digits=8) == "-2 - (-3)"
    assert written(-a, digits=8) == "-(-2)"
    assert written(a**2, LATEX, 8) == r"{\left(-2\right)}^{2}"


# --- Long sums, what is left out, and cases


def total(n):
    return autograd.sum([Value(float(k), name=f"a{k}") for k in range(n)])


def written(node, style=TEXT, digits=None):
    return style.write(formula(node, Names(topological_order(node))), digits)


def test_a_long_sum_shows_its_ends_around_an_ellipsis():
    assert written(total(6)) == "a0 + a1 + a2 + a3 + a4 + a5"
    assert written(total(7)) == "a0 + a1 + … + a6"
    assert written(total(7), digits=8) == "0 + 1 + … + 6"
    assert written(total(7), LATEX) == r"a_{0} + a_{1} + \cdots + a_{6}"
    assert "".join(ET.fromstring(MATHML.whole(written(total(7), MATHML))).itertext()) == "a0+a1+…+a6"
    assert len(written(total(5000))) < 40


def test_a_long_list_is_shortened_in_every_reduction():
    values = [Value(float(k), name=f"a{k}") for k in range(9)]
    assert written(ops.mean(values)) == "(a0 + a1 + … + a8) / 9"
    assert written(autograd.dot(values, [1.0] * 9)) == "a0 × 1 + a1 × 1 + … + a8 × 1"
    assert "max(a0, a1, …, a8)" in written(autograd.logsumexp(values))


def test_an_element_of_a_long_list_has_its_own_partial():
    weights, inputs = ([Value(float(k), name=f"{letter}{k}") for k in range(9)] for letter in "wx")
    node = autograd.dot(weights, inputs)
    names = Names(topological_order(node))
    assert [TEXT.write(partial(node, k, names)) for k in (0, 5, 8, 9, 14, 17)] == ["x0", "x5", "x8", "w0", "w5", "w8"]
    assert TEXT.write(partial(node, 18, names)) == "1"


def test_an_empty_sum_is_0():
    assert written(autograd.sum([])) == "0"


def test_the_default_bias_of_0_is_left_out_and_any_other_is_written():
    w, x = [Value(2.0, name="w")], [Value(3.0, name="x")]
    assert written(autograd.dot(w, x)) == "w × x"
    assert written(autograd.dot(w, x, 0.5)) == "w × x + 0.5"
    assert written(autograd.dot(w, x, Value(0.0, name="b"))) == "w × x + b"
    assert written(Value(-1.0, name="a").leaky_relu()) == "0.01 × a"


@pytest.mark.parametrize(
    ("function", "at", "text", "partials"),
    [
        (autograd.relu, [2.0], "a", ["1"]),
        (autograd.relu, [-2.0], "0", ["0"]),
        (autograd.relu, [0.0], "0", ["0"]),
        (abs, [-2.0], "abs(a)", ["-1"]),
        (abs, [2.0], "abs(a)", ["1"]),
        (abs, [0.0], "abs(a)", ["0"]),
        (autograd.leaky_relu, [-2.0], "0.01 × a", ["0.01"]),
        (autograd.maximum, [2.0, 3.0], "b", ["0", "1"]),
        (autograd.maximum, [3.0, 2.0], "a", ["1", "0"]),
        (autograd.maximum, [2.0, 2.0], "b", ["1 / 2", "1 / 2"]),
        (autograd.minimum, [2.0, 3.0], "a", ["1", "0"]),
        (autograd.maximum, [nan, 2.0], "a + b", ["y", "y"]),
        (autograd.sigmoid, [-800.0], "exp(a)", ["y × (1 - y)"]),
        (autograd.softplus, [2.0], "a + log(1 + exp(-a))", ["sigmoid(a)"]),
        (autograd.softplus, [-2.0], "log(1 + exp(a))", ["sigmoid(a)"]),
        (lambda a: a**2, [-3.0], "a^2", ["2 × a"]),
        (lambda a: a**0, [0.0], "a^0", ["0"]),
    ],
)
def test_the_case_that_holds_is_shown(function, at, text, partials):
    node = function(*(Value(x, name=name) for x, name in zip(at, "ab"))).named("y")
    names = Names(topological_order(node))
    shown = [partial(node, k, names) for k, arg in enumerate(node.args) if isinstance(arg, Value)]
    assert TEXT.write(formula(node, names)) == text
    assert list(map(TEXT.write, shown)) == partials


def test_a_condition_may_speak_of_a_whole_list(define):
    spread = define("spread(x[i])", "max(x[i]) - sum(x[i]) if max(x[i]) > sum(x[i]) else 0", "-1")
    for n in (1, 2, 3, 9):
        assert written(spread([Value(1.0, name=f"a{k}") for k in range(n)])) == "0"
    assert written(spread([Value(-1.0, name="a"), Value(-2.0, name="b")])) == "max(a, b) - (a + b)"


def test_a_condition_may_stand_beside_a_list_of_none(define):
    f, a = define("f(x[i], a)", "sum(x[i]) + a if a > 0 else a", "1", "1"), Value(4.0, "a")
    y = f([], a)
    assert TEXT.write(formula(y, Names(topological_order(y)))) == "0 + a"


def test_a_condition_may_have_a_root(define):
    f, x = define("f(a, p)", "a if a ** p > 1 else 2 * a", "1 if a ** p > 1 else 2", "0"), Value(4.0, "x")
    y = f(x, 0.5)
    names = Names(topological_order(y))
    assert (TEXT.write(formula(y, names)), TEXT.write(partial(y, 0, names))) == ("x", "1")


def test_a_sum_within_a_partial_leaves_the_element_that_it_is_for(define):
    norm = define("norm(x[i])", "sum(x[i] * x[i]) ** 2 / 4", "sum(x[i] * x[i]) * x[i]")
    node = norm([Value(float(k), name=f"x{k}") for k in range(3)])
    names = Names(topological_order(node))
    assert TEXT.write(partial(node, 1, names)) == "(x0 × x0 + x1 × x1 + x2 × x2) × x1"


def test_a_rules_own_text_shows_its_cases():
    tree = parse("0 if a <= 0 else a")
    assert TEXT.write(tree) == "0 if a <= 0, else a"
    assert LATEX.write(tree) == r"\begin{cases} 0 & \text{if } a \le 0 \\ a & \text{otherwise} \end{cases}"
    table = ET.fromstring(MATHML.whole(MATHML.write(tree))).iter("mtr")
    assert ["".join(row.itertext()) for row in table] == ["0if\xa0a≤0", "aotherwise"]


def test_comparisons_in_a_chain_are_written_as_one():
    tree = parse("1 if 0 < a <= b + 1 else 0")
    assert TEXT.write(tree) == "1 if 0 < a <= b + 1, else 0"
    assert r"\text{if } 0 < a \le b + 1" in LATEX.write(tree)


def test_reading_a_formula_leaves_the_names_in_it():
    """A condition is evaluated with numbers in place of the names; what is shown keeps the names."""
    o = Value(0.75, name="o")
    inner = 0.5 - o

    class Inline(Names):
        def operand(self, arg):
            return formula(arg, Names([o])) if arg is inner else super().operand(arg)

    node = inner**2
    names = Inline(topological_order(node))
    assert TEXT.write(partial(node, 0, names)) == "2 × (0.5 - o)"
