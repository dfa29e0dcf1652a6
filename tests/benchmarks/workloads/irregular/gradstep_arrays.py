"""The random graph as statements on arrays."""

import autograd


def compiled(output, inputs):
    return autograd.compile(output, inputs, "numpy")
