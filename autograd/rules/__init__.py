"""Rules: how a row of text becomes Python. What the rest of the house uses of it."""

from autograd.rules.codegen import OnFloats, OnValues, compute, fill, generate, on_floats, or_none, partials, real
from autograd.rules.eager import op
from autograd.rules.primitives import CONSTANTS, PRIMITIVES, REDUCTIONS
from autograd.rules.rule import NOTATION, TABLE, Rule, functions_in, parse
from autograd.rules.substitution import Over

__all__ = [
    "CONSTANTS", "NOTATION", "PRIMITIVES", "REDUCTIONS", "TABLE", "OnFloats", "OnValues", "Over", "Rule", "compute",
    "fill", "functions_in", "generate", "on_floats", "op", "or_none", "parse", "partials", "real",
]  # fmt: skip
