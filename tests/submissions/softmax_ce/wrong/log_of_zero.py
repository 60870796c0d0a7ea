"""The maximum is subtracted, but the loss is the logarithm of the softmax."""

import numpy as np


def one_hot(labels, classes):
    target = np.zeros((labels.shape[0], classes))
    for i, label in enumerate(labels):
        if not 0 <= label < classes:
            raise ValueError("no such class")
        target[i, label] = 1.0
    return target


def softmax(logits):
    exps = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return exps / np.sum(exps, axis=1, keepdims=True)


def cross_entropy(p, target):
    if p.shape != target.shape:
        raise ValueError("p and target differ in shape")
    return -np.sum(target * np.log(np.maximum(p, 1e-7))) / p.shape[0]


def softmax_ce_loss(logits, target):
    if logits.shape != target.shape:
        raise ValueError("logits and target differ in shape")
    p = softmax(logits)
    return -np.mean(np.log(p[np.arange(len(p)), np.argmax(target, axis=1)]))


def softmax_ce_gradient(logits, target):
    if logits.shape != target.shape:
        raise ValueError("logits and target differ in shape")
    return (softmax(logits) - target) / logits.shape[0]


def penalised_loss(logits, target, weights, reg):
    if reg < 0:
        raise ValueError("reg must not be negative")
    return softmax_ce_loss(logits, target) + reg * np.sum(weights**2)
