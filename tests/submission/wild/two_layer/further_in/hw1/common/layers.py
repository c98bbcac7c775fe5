import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def affine(W, x, b=0.0):
    return W @ x + b


def sigmoid_backward(da, a):
    return da * a * (1 - a)
