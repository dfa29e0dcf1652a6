"""The document's 2-2-2 network: inputs, targets, weights w1 to w8 and the learning rate."""

INPUTS = (0.1, 0.2)
TARGETS = (0.4, 0.6)
WEIGHTS = (0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6)
LEARNING_RATE = 0.5
