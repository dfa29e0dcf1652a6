"""M. Nielsen, Neural Networks and Deep Learning, chapter 3 (http://neuralnetworksanddeeplearning.com/chap3.html): a
neuron that learns slowly, from a weight and a bias of 2, by the quadratic cost."""

from autograd import Value, sigmoid
from nn import half_squared_error
from optim import SGD

PAGE = {"a": "0.98", "a after 300": "0.20"}


def graph():
    w, b = Value(2.0, "w"), Value(2.0, "b")
    a = sigmoid((w * 1.0 + b).named("z")).named("a")
    return half_squared_error(a, 0.0).named("C"), SGD([w, b], 0.15)
