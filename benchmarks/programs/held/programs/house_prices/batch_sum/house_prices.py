import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


class Network(object):
    def __init__(self, weights, biases):
        self.weights = weights
        self.biases = biases
        self.num_layers = len(weights) + 1
        self.f = [sigmoid, np.tanh, lambda z: z]
        self.fp = [sigmoid_prime, tanh_prime, np.ones_like]

    def cost_derivative(self, output_activations, y):
        return output_activations - y

    def backprop(self, x, y):
        m = x.shape[1]
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        deltas = [None] * len(self.weights)
        activation = x
        activations = [x]
        zs = []
        for w, b, f in zip(self.weights, self.biases, self.f):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = f(z)
            activations.append(activation)
        delta = self.cost_derivative(activations[-1], y) * self.fp[-1](zs[-1])
        nabla_b[-1] = delta.sum(axis=1, keepdims=True)
        nabla_w[-1] = np.dot(delta, activations[-2].transpose())
        deltas[-1] = delta
        for l in range(2, self.num_layers):
            z = zs[-l]
            sp = self.fp[-l](z)
            delta = np.dot(self.weights[-l + 1].transpose(), delta) * sp
            nabla_b[-l] = delta.sum(axis=1, keepdims=True)
            nabla_w[-l] = np.dot(delta, activations[-l - 1].transpose())
            deltas[-l] = delta
        return nabla_b, nabla_w, deltas
