"""Nothing of numpy: one row after the other, results as lists."""

import math


def one_hot(labels, classes):
    rows = []
    for label in labels:
        label = int(label)
        if label not in range(classes):
            raise ValueError(f"{label} is no class")
        rows.append([1 if c == label else 0 for c in range(classes)])
    return rows


def softmax_row(row):
    m = max(row)
    powers = [math.exp(s - m) for s in row]
    total = sum(powers)
    return [power / total for power in powers]


def softmax(logits):
    return [softmax_row([float(s) for s in row]) for row in logits]


def pairs(one, other):
    if len(one) != len(other) or any(len(a) != len(b) for a, b in zip(one, other)):
        raise ValueError("as many targets as rows")
    return list(zip(one, other))


def cross_entropy(p, target):
    total = 0
    for row, wanted in pairs(p, target):
        for q, t in zip(row, wanted):
            if t:
                total -= t * math.log(max(q, 1e-7))
    return float(total / len(p))


def softmax_ce_loss(logits, target):
    total = 0.0
    for row, wanted in pairs(logits, target):
        right = row[list(wanted).index(1)]
        m = max(row)
        # log of the sum of e^(s - right), with the largest of them taken out
        total += float(m - right) + math.log(sum(math.exp(s - m) for s in row))
    return total / len(logits)


def softmax_ce_gradient(logits, target):
    n = len(logits)
    return [
        [(q - float(t)) / n for q, t in zip(softmax_row([float(s) for s in row]), wanted)]
        for row, wanted in pairs(logits, target)
    ]


def penalised_loss(logits, target, weights, reg):
    if reg < 0:
        raise ValueError("reg must be 0 or more")
    return softmax_ce_loss(logits, target) + reg * sum(float(w) ** 2 for row in weights for w in row)
