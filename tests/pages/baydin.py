"""Baydin and others, Automatic Differentiation in Machine Learning: a Survey, JMLR 18 (2018), tables 2 and 3:
ln(x1) + x1 x2 - sin(x2) at 2, 5."""

from autograd import Value

PAGE = {
    "v1": "0.693",
    "v2": "10",
    "v3": "-0.959",
    "v4": "10.693",
    "v5": "11.652",
    "dv5/dv3": "-1",
    "dv5/dv4": "1",
    "dv5/dx1": "5.5",
    "dv5/dx2": "1.716",
}


def graph():
    x1, x2 = Value(2.0, "x1"), Value(5.0, "x2")
    v1, v2, v3 = x1.log().named("v1"), (x1 * x2).named("v2"), x2.sin().named("v3")
    return ((v1 + v2).named("v4") - v3).named("v5"), None
