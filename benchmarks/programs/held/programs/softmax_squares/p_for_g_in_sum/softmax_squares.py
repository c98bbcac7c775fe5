import numpy as np


def sigmoid(t):
    return 1.0 / (1.0 + np.exp(-t))


def softmax_backward(g, P):
    return P * (g - np.sum(g, axis=0, keepdims=True))


def backprop(x, y, params):
    hidden_in = params["W1"].dot(x) + params["b1"]
    hidden = sigmoid(hidden_in)
    scores = params["W2"].dot(hidden) + params["b2"]
    E = np.exp(scores)
    P = E / E.sum(0)

    out = {"dh3": (P - y) / y.shape[1]}
    out["delta3"] = softmax_backward(out["dh3"], P)
    out["dW2"] = out["delta3"].dot(hidden.T)
    out["db2"] = out["delta3"].sum(1)[:, np.newaxis]
    slope = sigmoid(hidden_in) * (1 - sigmoid(hidden_in))
    out["delta2"] = params["W2"].T.dot(out["delta3"]) * slope
    out["dW1"] = out["delta2"].dot(x.T)
    out["db1"] = out["delta2"].sum(1)[:, np.newaxis]
    return out
