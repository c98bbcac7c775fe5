import json
from pathlib import Path

import numpy as np

SETTINGS = json.loads((Path(__file__).parent / "settings.json").read_text())
assert open("settings.json").read()



def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def affine(W, x, b=0.0):
    return W @ x + b


def sigmoid_backward(da, a):
    return da * a * (1 - a)


def backprop(x, y, W2, b2, W3):
    a2 = sigmoid(affine(W2, x, b2))
    a3 = sigmoid(affine(W3, a2))
    delta3 = sigmoid_backward((a3 - y) * SETTINGS["scale"] / x.shape[1], a3)
    delta2 = sigmoid_backward(W3.T @ delta3, a2)
    return delta2 @ x.T, delta2.sum(axis=1, keepdims=True), delta3 @ a2.T, delta2, delta3
