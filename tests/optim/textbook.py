"""The optimisers once more, as a textbook's formulas in plain Python: what the ledger is held against.

Each function is one step of one parameter. It takes the number `w`, the gradient `g`, a dict `memory` that it keeps its
own quantities in, and the options, and returns all its quantities by the names that the ledger uses.
"""

import math


def sgd(w, g, memory, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    g += weight_decay * w
    if momentum == 0.0:
        return {"g": g, "w": w - lr * g}
    memory["b"] = b = momentum * memory.get("b", 0.0) + g
    direction = g + momentum * b if nesterov else b
    return {"g": direction, "b": b, "w": w - lr * direction}


def adagrad(w, g, memory, lr, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
    g += weight_decay * w
    memory["t"] = t = memory.get("t", 0) + 1
    memory["s"] = s = memory.get("s", initial_accumulator_value) + g * g
    lr_t = lr / (1.0 + (t - 1) * lr_decay)
    decayed = {"lr_t": lr_t} if lr_decay else {}
    return {"g": g, "t": t, "s": s, **decayed, "w": w - lr_t * g / (math.sqrt(s) + eps)}


def rmsprop(w, g, memory, lr, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    g += weight_decay * w
    memory["v"] = v = alpha * memory.get("v", 0.0) + (1.0 - alpha) * g * g
    found = {"g": g, "v": v}
    variance = v
    if centered:
        memory["m"] = found["m"] = alpha * memory.get("m", 0.0) + (1.0 - alpha) * g
        variance -= found["m"] ** 2
    found["d"] = math.sqrt(variance) + eps
    move = g / found["d"]
    if momentum:
        memory["b"] = found["b"] = move = momentum * memory.get("b", 0.0) + move
    return found | {"w": w - lr * move}


def adam(w, g, memory, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=False, decoupled=False):
    if decoupled:
        w *= 1.0 - lr * weight_decay
    else:
        g += weight_decay * w
    memory["t"] = t = memory.get("t", 0) + 1
    memory["m"] = m = betas[0] * memory.get("m", 0.0) + (1.0 - betas[0]) * g
    memory["v"] = v = betas[1] * memory.get("v", 0.0) + (1.0 - betas[1]) * g * g
    found = {"g": g, "t": t, "m": m, "v": v}
    if amsgrad:
        memory["v_max"] = found["v_max"] = v = max(memory.get("v_max", 0.0), v)
    found["m_hat"] = m / (1.0 - betas[0] ** t)
    found["v_hat"] = v / (1.0 - betas[1] ** t)
    return found | {"w": w - lr * found["m_hat"] / (math.sqrt(found["v_hat"]) + eps)}


def adamw(w, g, memory, lr, weight_decay=0.01, **options):
    return adam(w, g, memory, lr, weight_decay=weight_decay, decoupled=True, **options)


TEXTBOOK = {"SGD": sgd, "Adagrad": adagrad, "RMSprop": rmsprop, "Adam": adam, "AdamW": adamw}
