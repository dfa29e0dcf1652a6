"""Fish-cake sales that fall as it gets warmer: 1,000 scaled points and the line's first guess."""

from random import Random

COUNT = 1_000
LEARNING_RATE = 0.1
FIRST_WEIGHT = 0.5
FIRST_BIAS = 0.0

_rng = Random(7)
TEMPERATURES = [_rng.uniform(-1.0, 1.0) for _ in range(COUNT)]
SALES = [2.0 - 1.5 * warmth + _rng.gauss(0.0, 0.1) for warmth in TEMPERATURES]
