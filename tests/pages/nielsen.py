"""M. Nielsen, Neural Networks and Deep Learning, chapter 3 (http://neuralnetworksanddeeplearning.com/chap3.html): a
neuron that learns an output of 0, from a weight of 0.6 and a bias of 0.9, by the quadratic cost."""

from autograd import Value, sigmoid
from nn import half_squared_error
from optim import SGD

PAGE = {"a": "0.82", "a after 300": "0.09"}


def graph():
    w, b = Value(0.6, "w"), Value(0.9, "b")
    a = sigmoid((w * 1.0 + b).named("z")).named("a")
    return half_squared_error(a, 0.0).named("C"), SGD([w, b], 0.15)
