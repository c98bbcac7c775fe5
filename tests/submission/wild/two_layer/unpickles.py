import gzip
import pickle

import numpy as np


def load_data():
    """The digits, as the book has them."""
    with gzip.open("../data/mnist.pkl.gz", "rb") as f:
        training_data, validation_data, test_data = pickle.load(f, encoding="latin1")
    return training_data, validation_data, test_data


def vectorized_result(j):
    e = np.zeros((10, 1))
    e[j] = 1.0
    return e


training_data, validation_data, test_data = load_data()
training_inputs = [np.reshape(x, (784, 1)) for x in training_data[0]]
training_results = [vectorized_result(y) for y in training_data[1]]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def cost_derivative(output_activations, y):
    return output_activations - y


def backprop(x, y, W2, b2, W3):
    biases, weights = [b2, 0.0], [W2, W3]
    activation, activations, zs = x, [x], []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta3 = cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1]) / x.shape[1]
    delta2 = np.dot(weights[-1].transpose(), delta3) * sigmoid_prime(zs[-2])
    return (
        np.dot(delta2, activations[0].transpose()),
        delta2.sum(axis=1, keepdims=True),
        np.dot(delta3, activations[1].transpose()),
        delta2,
        delta3,
    )
