"""Four fifths of scikit-learn's 8x8 digits, and the first weights of the network."""

import csv
import gzip
import sysconfig
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import peers
from workloads.w2.problem import Layer, flatten

__all__ = ["COUNT", "LEARNING_RATE", "SIZES", "Layer", "as_probabilities", "data", "first_layers", "flatten"]

COUNT = 1_437
SIZES = (64, 32, 10)
LEARNING_RATE = 0.1


def data() -> tuple[list[list[float]], list[int]]:
    """The digits' pixels, from 0 to 1, and which digits they are."""
    site = sysconfig.get_path("purelib", vars=dict.fromkeys(("base", "platbase"), str(peers.HOME)))
    with gzip.open(Path(site) / "sklearn/datasets/data/digits.csv.gz", "rt") as file:
        lines = list(islice(csv.reader(file), COUNT))
    return [[float(pixel) / 16 for pixel in pixels] for *pixels, _ in lines], [int(float(digit)) for *_, digit in lines]


def as_probabilities(digits: list[int]) -> list[list[float]]:
    """1 for the digit that it is and 0 for the others."""
    return [[float(k == digit) for k in range(SIZES[-1])] for digit in digits]


def first_layers(seed: int = 42) -> list[Layer]:
    """The weights that every contestant starts from: uniform, with biases of zero."""
    rng = Random(seed)
    return [
        ([[rng.uniform(-1.0, 1.0) / inputs**0.5 for _ in range(inputs)] for _ in range(outputs)], [0.0] * outputs)
        for inputs, outputs in pairwise(SIZES)
    ]
