import numpy as np


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def relu(Z):
    A = np.maximum(0, Z)
    return A, Z


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def relu_backward(dA, activation_cache):
    Z = activation_cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid_backward(dA, activation_cache):
    Z = activation_cache
    s = 1 / (1 + np.exp(-Z))
    dZ = dA * s * (1 - s)
    return dZ


def model_gradients(X, Y, parameters):
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    A1, act1 = relu(np.dot(W1, X) + b1)
    A2, act2 = sigmoid(np.dot(W2, A1) + b2)
    grads = {}
    dA2 = -(np.divide(Y, A2 + 1e-4) - np.divide(1 - Y, 1 - A2 + 1e-4))
    dZ2 = sigmoid_backward(dA2, act2)
    dA1, grads["dW2"], grads["db2"] = linear_backward(dZ2, (A1, W2, b2))
    dZ1 = relu_backward(dA1, act1)
    dA0, grads["dW1"], grads["db1"] = linear_backward(dZ1, (X, W1, b1))
    return grads
