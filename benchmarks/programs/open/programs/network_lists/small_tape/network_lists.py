import numpy as np


class Node:
    def __init__(self, value, parents=()):
        self.value, self.parents = value, parents
        self.grad = np.zeros_like(value)


def affine(w, a, b):
    return Node(w.value @ a.value + b.value,
                ((w, lambda g: g @ a.value.T), (a, lambda g: w.value.T @ g),
                 (b, lambda g: g.sum(axis=1, keepdims=True))))


def logistic(z):
    s = 1 / (1 + np.exp(-z.value))
    return Node(s, ((z, lambda g: g * s * (1 - s)),))


class Network:
    def __init__(self, weights, biases):
        self.weights, self.biases = weights, biases

    def backprop(self, x, y):
        ws = [Node(w) for w in self.weights]
        bs = [Node(b) for b in self.biases]
        a = Node(x)
        order = []
        for w, b in zip(ws, bs):
            z = affine(w, a, b)
            a = logistic(z)
            order += [z, a]
        a.grad = a.value - y
        for node in reversed(order):
            for parent, pull in node.parents:
                parent.grad = parent.grad + pull(node.grad)
        return [b.grad for b in bs], [w.grad for w in ws]
