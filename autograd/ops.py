"""THE TABLE: every op, one row each, as a table of calculus prints it. Everything else is a way of reading these rows.

A row names the op and its operands, then says what it computes, then its derivative with respect to each operand. In a
derivative, `y` is the op's own output; `x[i]` is any element of a list of n operands, and `sum` runs over i. Where an
op has a corner, as relu has at 0, the row says which side's derivative it takes: PyTorch's choice.

The operators of Value (`a * b`), its methods (`a.tanh()`) and the functions of `autograd` all come from these rows.
"""

from __future__ import annotations

from typing import Any

from autograd.rules import TABLE, op

__all__ = [
    "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "atan", "tanh", "erf", "sign", "floor",
    "sigmoid", "softplus", "relu", "leaky_relu", "maximum", "minimum", "dot", "sum", "mean", "logsumexp",
]  # fmt: skip
"""The functions that autograd has; its operators are those of Value, and its losses those of nn."""

# fmt: off
# --- Arithmetic: the operators of Value
add = op("add(a, b)",  "a + b",   "1",  "1")
sub = op("sub(a, b)",  "a - b",   "1", "-1")
mul = op("mul(a, b)",  "a * b",   "b",  "a")
div = op("div(a, b)",  "a / b",   "1 / b", "-y / b")
# a ** b at a = b = 0, and at a = 0 with respect to b: the derivative counts as 0; at a < 0 a fractional b has no power,
# and so there is no derivative with respect to b: all as in PyTorch
pow = op("pow(a, b)",  "a ** b",  "0 if abs(a) + abs(b) <= 0 else b * a ** (b - 1)",
         "nan * y if a < 0 else 0 * b if a <= 0 else y * log(a)")
neg = op("neg(a)",     "-a",      "-1")
abs = op("abs(a)",     "abs(a)",  "1 if a > 0 else -1 if a < 0 else 0 if a <= 0 else y")

# --- Functions of one operand: methods of Value, too
exp   = op("exp(a)",    "exp(a)",    "y")
expm1 = op("expm1(a)",  "expm1(a)",  "y + 1")
log   = op("log(a)",    "log(a)",    "1 / a")
log1p = op("log1p(a)",  "log1p(a)",  "1 / (1 + a)")
sqrt  = op("sqrt(a)",   "sqrt(a)",   "1 / (2 * y)")
sin   = op("sin(a)",    "sin(a)",    "cos(a)")
cos   = op("cos(a)",    "cos(a)",    "-sin(a)")
tan   = op("tan(a)",    "tan(a)",    "1 + y * y")
atan  = op("atan(a)",   "atan(a)",   "1 / (1 + a * a)")
tanh  = op("tanh(a)",   "tanh(a)",   "1 - y * y")
erf   = op("erf(a)",    "erf(a)",    "2 / sqrt(pi) * exp(-(a * a))")

# --- Steps: constant between them
sign  = op("sign(a)",   "1 if a > 0 else -1 if a < 0 else a",  "0")
floor = op("floor(a)",  "floor(a)",  "0")

# exp(-a) is too large for a float beyond 709; there, 1 / (1 + exp(-a)) and exp(a) are the same float
sigmoid    = op("sigmoid(a)",  "1 / (1 + exp(-a)) if a > -700 else exp(a)",  "y * (1 - y)")
softplus   = op("softplus(a)", "a + log1p(exp(-a)) if a > 0 else log1p(exp(a))",  "sigmoid(a)")
relu       = op("relu(a)",     "0 if a <= 0 else a",  "0 if a <= 0 else 1 if a > 0 else y")
leaky_relu = op("leaky_relu(a, negative_slope=0.01)",  "a if a > 0 else negative_slope * a",
                "1 if a > 0 else negative_slope if a <= 0 else y",  "0 if a > 0 else a")

# --- The larger and the smaller of two; NaN if either is
maximum = op("maximum(a, b)",  "a if a > b else b if a <= b else a + b",
             "1 if a > b else 0 if a < b else 1 / 2 if a <= b else y",
             "0 if a > b else 1 if a < b else 1 / 2 if a <= b else y")
minimum = op("minimum(a, b)",  "a if a < b else b if a >= b else a + b",
             "1 if a < b else 0 if a > b else 1 / 2 if a <= b else y",
             "0 if a < b else 1 if a > b else 1 / 2 if a <= b else y")

# --- Lists: one node each, whatever the length
dot       = op("dot(weights[i], inputs[i], bias=0.0)",  "sum(weights[i] * inputs[i]) + bias",
               "inputs[i]",  "weights[i]",  "1")
sum       = op("sum(values[i])",   "sum(values[i])",      "1")
mean      = op("mean(values[i])",  "sum(values[i]) / n",  "1 / n")
# the largest elements have exp(0) = 1 each; one of these 1s is the one in log1p
logsumexp = op("logsumexp(values[i])",
               "max(values[i]) + log1p(sum(0 if values[i] >= max(values[i]) else exp(values[i] - max(values[i])))"
               " + (sum(1 if values[i] >= max(values[i]) else 0) - 1))",
               # exp(values[i] - y) would lose the logarithm beside a large y; with infinities it is PyTorch's choice
               "exp(values[i] - max(values[i])) / sum(exp(values[i] - max(values[i]))) if abs(y) < inf"
               " else exp(values[i] - y)")

# --- Losses
half_squared_error = op("half_squared_error(outputs[i], targets[i])",
                        "1 / 2 * sum((targets[i] - outputs[i]) ** 2)",
                        "-(targets[i] - outputs[i])",  "targets[i] - outputs[i]")
mse_loss           = op("mse_loss(outputs[i], targets[i])",
                        "sum((outputs[i] - targets[i]) ** 2) / n",
                        "2 / n * (outputs[i] - targets[i])",  "-2 / n * (outputs[i] - targets[i])")
hinge_loss         = op("hinge_loss(scores[i], targets[i])",
                        "sum(relu(1 - targets[i] * scores[i])) / n",
                        "0 if targets[i] * scores[i] >= 1 else -targets[i] / n if targets[i] * scores[i] < 1 else y",
                        "0 if targets[i] * scores[i] >= 1 else -scores[i] / n if targets[i] * scores[i] < 1 else y")
# a logarithm below -100 counts as -100, so that a certain and wrong probability costs much, not infinity; 1 - p would
# lose the digits of a small p
binary_cross_entropy = op("binary_cross_entropy(probabilities[i], targets[i])",
    "-sum(targets[i] * log(maximum(probabilities[i], exp(-100)))"
    " + (1 - targets[i]) * (-100 if probabilities[i] >= 1 else log1p(-probabilities[i]))) / n",
    "(probabilities[i] - targets[i]) / maximum(probabilities[i] * (1 - probabilities[i]), 1e-12) / n",
    "(log(maximum(1 - probabilities[i], exp(-100))) - log(maximum(probabilities[i], exp(-100)))) / n")
# -sum(targets[i] * log(softmax(logits)[i])), whose terms are small differences however large the logits are
cross_entropy = op("cross_entropy(logits[i], targets[i])",
    "sum(targets[i] * (max(logits[i]) - logits[i])) + sum(targets[i]) * log(sum(exp(logits[i] - max(logits[i]))))",
    "sum(targets[i]) * exp(logits[i] - max(logits[i])) / sum(exp(logits[i] - max(logits[i]))) - targets[i]",
    "max(logits[i]) - logits[i] + log(sum(exp(logits[i] - max(logits[i]))))")
binary_cross_entropy_with_logits = op("binary_cross_entropy_with_logits(logits[i], targets[i])",
    "sum((1 - targets[i]) * logits[i] + softplus(-logits[i])) / n",
    "(sigmoid(logits[i]) - targets[i]) / n",  "-logits[i] / n")
# fmt: on


def __getattr__(name: str) -> Any:
    """The function of a row that was added elsewhere: by this name a pickle knows it."""
    if name not in TABLE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: no op of that name is defined here")
    return TABLE[name].function
