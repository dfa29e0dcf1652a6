"""The sides of the equalities in a sentence: each is all that stands between words and punctuation, or not read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.printed.formulas import (
    OPERATORS,
    SYMBOL,
    Application,
    Name,
    Number,
    Token,
    Tree,
    is_before_operand,
    whole,
)

__all__ = ["between_equalities", "chains", "is_word"]

BEGINNINGS = {*"are at be get give gives has have is so that then was we where with".split()}
"""Words behind which a name begins a clause of its own."""

END = Token("end", "")

PUNCTUATION = {*'#.:!?"“”«»—•‣◦→⇒⟹⟶∴'}
TEXT = {"Ll", "Lo", "Lu", "So"}
"""The Unicode categories of letters and pictures."""

JOINING = {*", and & through 과 와 및".split()}
"""What stands between names that share an equality."""

ALTERNATIVES = {*", and mod or to".split()}
"""What stands between numbers that share one."""

PREPOSITIONS = {
    *"by de for from in nach of over per squared times to von wrt".split(),
    *"double half minus negative plus power twice Double Half Minus Negative Twice".split(),
}
"""Words that say that the name behind them is a part of what is meant; "For x = 2" has it all."""

QUANTITIES = {
    *"another best change correct derivative desired diff estimated expected final grad gradient ideally".split(),
    *"label last new not old optimal optimum partial previous relative slope suppose target triple true".split(),
    *"truth update updated want".split(),
    *"ableitung neu neue neuer soll ziel zielwert".split(),
}
"""Words for another number of a name behind them, as in "the target o1 is 0.4"."""


def chains(given: Sequence[Token]) -> Iterator[list[Tree | None]]:
    """The equalities among tokens: the sides of each in order, None for those that are not surely understood."""
    first, *others = between_equalities(given)
    left = Left(phrases(first))
    chain = [left.tree]
    for k, part in enumerate(others, 1):
        cut, is_last = phrases(part), k == len(others)
        pair, ends = number_and_name(cut[0]), len(cut) > 1 or is_last
        if pair and not ends and cut[0][-1].is_spaced:
            yield [*chain, pair[0]]  # which may be two of a list, as in a = 3 b = 4
            chain = [replace(pair[1], beside=pair[1].text)]
            continue
        has_other_unit = any(map(is_multiple, chain))  # as in 5V = 5000mV
        if is_first_of_several(cut):
            chain.append(None)
        else:
            chain.append(pair[0] if pair and ends and not has_other_unit else whole(cut[0]))
        if len(cut) > 1:
            yield chain
            left = Left(cut, left)
            chain = [left.tree]
    yield chain


def is_first_of_several(cut: Sequence[Sequence[Token]]) -> bool:
    """Whether more numbers stand behind the first, as in "a, b = 1, 2" and "a = 1 or 2"."""
    if len(cut) < 3 or [each.kind for each in cut[0]] != ["number"] or len(cut[1]) > 1:
        return False
    return cut[1][0].text in ALTERNATIVES and [each.kind for each in cut[2]] == ["number"]


def is_multiple(tree: Tree | None) -> bool:
    """Whether a side is as 2x, or 3m."""
    return isinstance(tree, Application) and tree.function == "*" and [*map(type, tree.operands)] == [Number, Name]


def between_equalities(given: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in given:
        if token.kind == "equals":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def phrases(given: Sequence[Token]) -> list[list[Token]]:
    """What stands between two equalities, cut at punctuation, and where words are no operands. The first phrase is
    what the equality before has on its right, the last is what the next one has on its left; either may be empty."""
    pairs = bracketed(given)
    inner = {k for start, end in pairs.items() for k in range(start + 1, end + 1)}
    cut: list[list[Token]] = [[]]
    for k, token in enumerate(given):
        if k in inner:
            cut[-1].append(token)
        elif (token.text in "()" and k not in pairs) or is_punctuation(given, k):
            cut += [[token], []]
        elif k and is_cut_before(given, k):
            cut.append([token])
        else:
            cut[-1].append(token)
    return [each for k, each in enumerate(cut) if each or k in (0, len(cut) - 1)]


def bracketed(given: Sequence[Token]) -> dict[int, int]:
    """The places of outermost brackets that open and close."""
    pairs, opened = dict[int, int](), list[int]()
    for k, token in enumerate(given):
        if token.text == "(":
            opened.append(k)
        elif token.text == ")" and opened:
            pairs[opened.pop()] = k
    end = -1
    for start in sorted(pairs):
        if start < end:
            del pairs[start]
        else:
            end = pairs[start]
    return pairs


def is_punctuation(given: Sequence[Token], k: int) -> bool:
    """Whether a token parts phrases: a comma, a letter of a script that names are not in, or a mark; a point and a
    colon where a sentence has them, as others are operators."""
    token, before, behind = given[k], given[k - 1 : k], given[k + 1 : k + 2]
    if token.text == "," or (token.kind == "other" and unicodedata.category(token.text) in TEXT):
        return True
    if token.text in ".:•" and behind:
        is_behind_word = token.text != "." and (not before or is_word(before[0]))
        return is_behind_word or (behind[0].is_spaced and not token.is_spaced)
    return token.text in PUNCTUATION


def is_cut_before(given: Sequence[Token], k: int) -> bool:
    """Whether a sentence goes on at a token and no formula, as it or the token before is a word without an operator."""
    before, token, behind = given[k - 1], given[k], (*given[k + 1 : k + 2], END)[0]
    if is_word(before):
        is_operand = k > 1 and given[k - 2].text in OPERATORS and not is_word(token)
        return not is_operand and (token.kind in ("name", "number") or (token.text == "(" and token.is_spaced))
    if is_word(token):
        return (before.kind != "operator" or before.text == ")") and is_in_text(behind)
    is_remark = token.text in "([" and is_word(behind) and (*given[k + 2 : k + 3], END)[0].text not in OPERATORS
    return is_remark and (before.kind == "number" or before.text == ")")


def is_in_text(token: Token) -> bool:
    return token.kind in ("name", "number") or token.text.isalpha()


def is_word(token: Token) -> bool:
    """Whether a token is a word of a sentence, unless operators make it an operand."""
    return token.kind == "name" and not (SYMBOL.fullmatch(token.text) or is_before_operand(token.text))


def number_and_name(given: Sequence[Token]) -> tuple[Number, Name] | None:
    """A number with a name behind it: its unit, a factor, or the next of a list."""
    kinds = [each.kind for each in given]
    if kinds[-2:] != ["number", "name"] or "".join(each.text for each in given[:-2]) not in ("", "-"):
        return None
    *sign, number, name = (each.text for each in given)
    return Number("".join(sign) + number, name), Name(name)


class Left:
    """The last of the phrases before an equality: `tree` is it, if it is sure to be all of the left side."""

    def __init__(self, cut: Sequence[Sequence[Token]], last: Left | None = None) -> None:
        *self.before, self.side = cut
        self.is_first = last is None
        self.is_about_another: bool = self.is_said_to_be_about_another(last is not None and last.is_about_another)
        is_sure = self.side and not (goes_on(self.side) or self.is_about_another or self.is_last_of_several)
        self.tree = whole(self.side) if is_sure else None

    def is_said_to_be_about_another(self, was_last: bool) -> bool:
        """Whether words before the name say that not its own number is meant, or said so of one that it is listed
        with."""
        words = self.words_before()
        if not {*words} - JOINING:
            return was_last
        says_what = self.side and re.search(r"/|\+|after", self.side[0].text)
        singular = {each.lower().removesuffix("s") for each in words}
        is_quantity = not says_what and not QUANTITIES.isdisjoint({*words, *singular})
        return is_quantity or (words[-1] in PREPOSITIONS and self.before[-1][-1].text != ":")

    def words_before(self) -> list[str]:
        """The words just before the side, and before a colon there."""
        words: list[str] = []
        for phrase in filter(None, reversed(self.before[not self.is_first :])):
            if phrase[-1].text == ":" and not words:
                continue
            if phrase[-1].kind != "name" and phrase[-1].text not in JOINING:
                break
            words.insert(0, phrase[-1].text)
            if words[0] in BEGINNINGS:
                break
        return words

    @property
    def is_last_of_several(self) -> bool:
        """Whether names stand before it that share its equality, as in "a, b = 1, 2"."""
        place = len(self.before)
        while place and "".join(each.text for each in self.before[place - 1]) in JOINING:
            place -= 1
        if place == len(self.before) or place <= (not self.is_first):
            return False
        listed = self.before[place - 1]
        return len(listed) == 1 and (listed[0].text == "…" or (listed[0].kind == "name" and not is_word(listed[0])))


def goes_on(given: Sequence[Token]) -> bool:
    """Whether tokens begin with an operator, as a formula does that goes on from another line."""
    first, second = given[0], (*given[1:2], END)[0]
    return first.text in OPERATORS and (first.text != "-" or second.is_spaced)
