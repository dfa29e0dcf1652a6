"""The course's 2-2-2 network (https://wikidocs.net/37406), but for the 0.1 that it calculates with where w1 is 0.3."""

from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD

PAGE = {
    "o1": "0.60944600",
    "o2": "0.66384491",
    "E_o1": "0.02193381",
    "E_o2": "0.00203809",
    "E_total": "0.02397190",
    "dE_total/dw5": "0.02592286",
    "w5+": "0.43703857",
    "dE_total/dw1": "0.00080888",
    "w1+": "0.29959556",
    "E_total+": "0.02323634",
}


def graph():
    network = WorkedExample()
    return network.error(), SGD(network.parameters(), LEARNING_RATE)
