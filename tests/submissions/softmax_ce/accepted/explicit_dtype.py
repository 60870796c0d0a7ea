"""float64, and the cross-entropy of a one-hot row as einsum."""

import numpy as np

F = np.float64


def check(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes")


def one_hot(labels, classes):
    if not all(0 <= label < classes for label in labels):
        raise ValueError("label out of range")
    out = np.zeros((labels.size, classes), F)
    out[np.arange(labels.size), labels] = 1
    return out


def softmax(logits):
    s = np.asarray(logits, F)
    e = np.exp(s - s.max(1)[:, None])
    return e / e.sum(1)[:, None]


def cross_entropy(p, target):
    check(p, target)
    return -np.einsum("nc,nc->", np.asarray(target, F), np.log(np.maximum(np.asarray(p, F), F(1e-7)))) / F(len(p))


def softmax_ce_loss(logits, target):
    check(logits, target)
    s = np.asarray(logits, F)
    m = s.max(1)
    lse = m + np.log(np.exp(s - m[:, None]).sum(1))
    return np.mean(lse - np.einsum("nc,nc->n", s, np.asarray(target, F)))


def softmax_ce_gradient(logits, target):
    check(logits, target)
    return (softmax(logits) - np.asarray(target, F)) / F(len(target))


def penalised_loss(logits, target, weights, reg):
    if reg < 0:
        raise ValueError("reg")
    return softmax_ce_loss(logits, target) + F(reg) * np.square(np.asarray(weights, F)).sum()
