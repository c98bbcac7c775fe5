import numpy as np

ACTIVATIONS = {1: "tanh", 2: "relu"}


def forward(x, params):
    cache = {"A0": x}
    for l in (1, 2, 3):
        cache[f"Z{l}"] = cache[f"A{l - 1}"] @ params[f"W{l}"] + params[f"b{l}"]
        if l < 3:
            f = np.tanh if ACTIVATIONS[l] == "tanh" else lambda z: z * (z > 0)
            cache[f"A{l}"] = f(cache[f"Z{l}"])
    e = np.exp(cache["Z3"])
    cache["A3"] = e / np.sum(e, axis=1, keepdims=True)
    return cache


def backward(x, y, W1, b1, W2, b2, W3, b3):
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}
    cache = forward(x, params)
    m = x.shape[0]
    grads = {}
    dZ = (cache["A3"] - y) / m
    for l in (3, 2, 1):
        grads[f"dz{l}"] = dZ
        grads[f"dW{l}"] = np.dot(cache[f"A{l - 1}"].T, dZ)
        grads[f"db{l}"] = np.sum(dZ, axis=0)
        if l > 1:
            dA = np.dot(dZ, params[f"W{l}"].T)
            A = cache[f"A{l - 1}"]
            if ACTIVATIONS[l - 1] == "tanh":
                dZ = dA * (1 - A) ** 2
            else:
                dZ = dA * (A > 0)
    return grads
