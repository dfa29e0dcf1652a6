"""A reader of LaTeX that knows just enough to say whether an `aligned` block is well formed."""

import re

TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}&%$#~^_]|[^\\{}&%$#~^_]", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\{(\w+)\}")


def rows(block):
    """The rows of an `aligned` block, each as its cells; AssertionError where it is not one, or not balanced."""
    found = re.fullmatch(r"\\begin\{aligned\}\n(.*)\n\\end\{aligned\}", block, re.DOTALL)
    assert found, block
    check_balanced(block)
    cells, depth = [[""]], 0
    for token in TOKEN.findall(found[1]):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if token == r"\\" and depth == 0:
            cells.append([""])
        elif token == "&" and depth == 0:
            cells[-1].append("")
        else:
            cells[-1][-1] += token
    return [[cell.strip() for cell in row] for row in cells]


def check_balanced(text):
    r"""AssertionError unless braces, \left and \right, and environments are closed in order, and nothing is bare."""
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == text
    open_ones = []
    for token in tokens:
        if token in ("{", r"\left"):
            open_ones.append(token)
        elif token in ("}", r"\right"):
            assert open_ones, f"{token} without a beginning: {text}"
            assert open_ones.pop() == {"}": "{", r"\right": r"\left"}[token], f"{token} crosses another: {text}"
        assert token not in set("%$#~"), f"an unescaped {token}: {text}"
    assert not open_ones, f"{open_ones} without an end: {text}"
    environments = []
    for kind, name in ENVIRONMENT.findall(text):
        if kind == "begin":
            environments.append(name)
        else:
            assert environments, f"an end without a beginning: {text}"
            assert environments.pop() == name
    assert not environments, f"{environments} without an end: {text}"


UNESCAPED = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}
UNESCAPED |= {f"\\{character}": character for character in "{}$&#_%"}
ESCAPE = re.compile("|".join(map(re.escape, sorted(UNESCAPED, key=len, reverse=True))))


def words(text):
    r"""What the reader sees of `\text{...}`, AssertionError where that holds a bare special character."""
    found = re.fullmatch(r"\\text\{(.*)\}", text, re.DOTALL)
    assert found, text
    assert not re.search(r"[\\{}$&#_%~^]", ESCAPE.sub("", found[1])), text
    return ESCAPE.sub(lambda each: UNESCAPED[each[0]], found[1])
