"""PyTorch, Autograd: automatic differentiation (the tutorial of the 60 minute blitz, up to 1.6): the mean of
3 (x + 2)^2 over a matrix of ones, of which the gradient is printed."""

from autograd import Value, mean

PAGE = {"out": "27.", **{f"dout/dx{k}": "4.5000" for k in range(1, 5)}}


def graph():
    xs = [Value(1.0, f"x{k}") for k in range(1, 5)]
    return mean([(x + 2) * (x + 2) * 3 for x in xs]).named("out"), None
