import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def swish(z):
    return z * sigmoid(z)


def swish_prime(z):
    s = sigmoid(z)
    return s + s * (1 - s)


def backprop(x, y, weights, biases):
    nabla_w = [np.zeros(w.shape) for w in weights]
    nabla_b = [np.zeros(b.shape) for b in biases]
    m = x.shape[1]
    activation = x
    activations, zs = [x], []
    for k, (w, b) in enumerate(zip(weights, biases)):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = swish(z) if k < len(weights) - 1 else z
        activations.append(activation)
    delta = (activations[-1] - y) / m
    deltas = [delta]
    nabla_b[-1] = np.sum(delta, axis=1, keepdims=True).reshape(biases[-1].shape)
    nabla_w[-1] = np.dot(delta, activations[-2].T)
    for l in range(2, len(weights) + 1):
        delta = np.dot(weights[-l + 1].T, delta) * swish_prime(zs[-l])
        deltas.insert(0, delta)
        nabla_b[-l] = np.sum(delta, axis=1, keepdims=True).reshape(biases[-l].shape)
        nabla_w[-l] = np.dot(delta, activations[-l - 1].T)
    return nabla_w, nabla_b, deltas
