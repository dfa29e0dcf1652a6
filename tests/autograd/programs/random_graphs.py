"""Random graphs, regular and irregular, out of every row of the table."""

import random

from table_rows import ROWS, box

import autograd
from autograd import Value

BOX = {(rule.name, operand): box(rule, operand) for rule in ROWS for operand in rule.operands}


class Growing:
    """A graph that grows by single nodes, by layers that share a list, and by lists for each unit."""

    def __init__(self, seed, inputs=3, parameters=6, rows=ROWS):
        self.rng, self.table = random.Random(seed), rows
        self.inputs = [Value(self.number(), f"x{k}") for k in range(inputs)]
        self.parameters = [Value(self.number(), f"w{k}") for k in range(parameters)]
        self.results = [*self.inputs, *self.parameters]

    def number(self):
        return self.rng.uniform(-1.5, 1.5)

    def operand(self, rule, name, source=None):
        """An earlier result or a number, led into the domain of the op by a sigmoid."""
        low, high = BOX[rule.name, name]
        if source is None and self.rng.random() < 0.2:
            return self.rng.choice([0.25, 0.5, 0.75]) * (high - low) + low
        value = self.rng.choice(self.results) if source is None else source
        return value.sigmoid() * (high - low) + low

    def node(self, rule=None):
        rule = rule or self.rng.choice(self.table)
        n = self.rng.choice([1, 2, 3, 5])
        lists = [[self.operand(rule, x) for _ in range(n)] for x in rule.lists]
        return value_of(rule.function(*lists, *(self.operand(rule, x) for x in rule.scalars)))

    def layer(self):
        """Units with weights of their own, or the same in pairs, on one list of earlier results."""
        n, m = self.rng.randint(2, 4), self.rng.randint(2, 5)
        inputs = self.rng.choices(self.results, k=n)
        weights = [[Value(self.number()) for _ in range(n)] for _ in range(m)]
        if self.rng.random() < 0.3:
            weights[-1] = weights[0]
        if self.rng.random() < 0.3:
            weights[0][0] = self.rng.choice(self.results)
        bias = [self.rng.choice([0.0, 0.5, Value(self.number())]) for _ in range(m)]
        activation = self.rng.choice([autograd.tanh, autograd.relu, autograd.sigmoid])
        return [activation(autograd.dot(row, inputs, b)) for row, b in zip(weights, bias)]

    def alike(self):
        """The same op on several lists or operands."""
        rule, state = self.rng.choice(self.table), self.rng.random()
        return [self.node(rule) for _ in range(self.rng.randint(2, 4))] + [Value(state)]

    def output(self, steps):
        for _ in range(steps):
            kind = self.rng.random()
            self.results += self.layer() if kind < 0.2 else self.alike() if kind < 0.4 else [self.node()]
        last = self.rng.sample(self.results, min(8, len(self.results)))
        return autograd.dot(last, [Value(self.number()) for _ in last], bias=self.results[-1])

    def data(self, count):
        return [[self.number() for _ in self.inputs] for _ in range(count)]


def value_of(result):
    return result if isinstance(result, Value) else Value(result)
