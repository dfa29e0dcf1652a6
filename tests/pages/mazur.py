"""M. Mazur, A Step by Step Backpropagation Example (2015), https://mattmazur.com/2015/03/17/: biases are not updated.

The numbers of its one step are those of weights that move together, as the page says. What it prints of the error after
that, and of the outputs after 10000 steps, is of weights that move layer by layer; the last error is of those that move
together, after 9999.
"""

from autograd import Value, sigmoid
from nn import half_squared_error
from optim import SGD

PAGE = {
    "net_h1": "0.3775",
    "out_h1": "0.593269992",
    "out_h2": "0.596884378",
    "net_o1": "1.105905967",
    "out_o1": "0.75136507",
    "out_o2": "0.772928465",
    "E_o1": "0.274811083",
    "E_o2": "0.023560026",
    "E_total": "0.298371109",
    "dE_total/dout_o1": "0.74136507",
    "dout_o1/dnet_o1": "0.186815602",
    "dE_total/dw5": "0.082167041",
    "w5+": "0.35891648",
    "w6+": "0.408666186",
    "w7+": "0.511301270",
    "w8+": "0.561370121",
    "dE_o1/dout_h1": "0.055399425",
    "dE_o2/dout_h1": "-0.019049119",
    "dE_total/dout_h1": "0.036350306",
    "dout_h1/dnet_h1": "0.241300709",
    "dE_total/dw1": "0.000438568",
    "w1+": "0.149780716",
    "w2+": "0.19956143",
    "w3+": "0.24975114",
    "w4+": "0.29950229",
    "E_total+": "0.291027924",
}
DIFFERS = {"dE_o2/dout_h1": None, "E_total+": "layer by layer"}

LONG_PAGE = {
    "E_total+": "0.291027924",
    "out_o1 after 10000": "0.015912196",
    "out_o2 after 10000": "0.984065734",
    "E_total after 10000": "0.0000351085",
}
LONG_DIFFERS = {
    "E_total+": "layer by layer",
    "out_o1 after 10000": "layer by layer",
    "out_o2 after 10000": "layer by layer",
    "E_total after 10000": "one step fewer",
}


def graph():
    w = [Value(number, f"w{k}") for k, number in enumerate((0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55), 1)]
    i1, i2, b1, b2 = (Value(number, name) for name, number in (("i1", 0.05), ("i2", 0.1), ("b1", 0.35), ("b2", 0.6)))
    net_h1 = (w[0] * i1 + w[1] * i2 + b1).named("net_h1")
    net_h2 = (w[2] * i1 + w[3] * i2 + b1).named("net_h2")
    h1, h2 = sigmoid(net_h1).named("out_h1"), sigmoid(net_h2).named("out_h2")
    net_o1 = (w[4] * h1 + w[5] * h2 + b2).named("net_o1")
    net_o2 = (w[6] * h1 + w[7] * h2 + b2).named("net_o2")
    o1, o2 = sigmoid(net_o1).named("out_o1"), sigmoid(net_o2).named("out_o2")
    e1, e2 = half_squared_error(o1, 0.01).named("E_o1"), half_squared_error(o2, 0.99).named("E_o2")
    return (e1 + e2).named("E_total"), SGD(w, 0.5)
