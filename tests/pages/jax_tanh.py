"""JAX (https://docs.jax.dev, the autodiff cookbook): the derivative of tanh at 2, computed in single precision."""

from autograd import Value

PAGE = {"dy/dx": "0.070650816"}
DIFFERS = {"dy/dx": None}


def graph():
    return Value(2.0, "x").tanh().named("y"), None
