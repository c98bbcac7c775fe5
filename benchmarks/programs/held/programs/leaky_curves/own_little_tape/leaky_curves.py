import numpy as np


class Node:
    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, parents, 0.0

    def backward(self, seed):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = seed
        for node in reversed(order):
            for parent, pull in node.parents:
                parent.grad = parent.grad + pull(node.grad)


def affine(w, a, b):
    return Node(w.value @ a.value + b.value, [
        (w, lambda g: g @ a.value.T), (a, lambda g: w.value.T @ g), (b, lambda g: g.sum(1, keepdims=True))])


def unit(s, f, slope):
    return Node(f(s.value), [(s, lambda g: g * slope(s.value))])


def fit_gradients(X, T, theta):
    V, p, U, q, W, r = (Node(theta[k]) for k in "VpUqWr")
    x = Node(X)
    s1 = affine(V, x, p)
    h1 = unit(s1, lambda s: s * (0.55 + 0.45 * np.sign(s)), lambda s: 0.55 + 0.45 * np.sign(s))
    s2 = affine(U, h1, q)
    h2 = unit(s2, np.tanh, lambda s: 4 / (np.exp(s) + np.exp(-s)) ** 2)
    o = affine(W, h2, r)
    cost = Node(np.mean((o.value - T) ** 2), [(o, lambda g: g * 2 * (o.value - T) / T.size)])
    cost.backward(1.0)
    return tuple(node.grad for node in (o, W, r, s2, U, q, s1, V, p, x))
