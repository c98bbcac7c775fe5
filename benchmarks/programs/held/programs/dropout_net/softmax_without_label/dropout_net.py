import numpy as np


class Block:
    """dense, relu, dropout"""

    def __init__(self, W, b, mask, keep):
        self.W, self.b, self.mask, self.keep = W, b, mask, keep

    def forward(self, A_prev):
        self.A_prev = A_prev
        self.Z = self.W @ A_prev + self.b
        return np.maximum(self.Z, 0) * self.mask / self.keep

    def backward(self, dA):
        dZ = dA * self.mask / self.keep
        dZ[self.Z <= 0] = 0
        self.dW = dZ @ self.A_prev.T
        self.db = dZ.sum(axis=1, keepdims=True)
        return self.W.T @ dZ


def backward_with_dropout(X, Y, p, D1, D2, keep1, keep2):
    blocks = [Block(p["W1"], p["b1"], D1, keep1), Block(p["W2"], p["b2"], D2, keep2)]
    A = X
    for block in blocks:
        A = block.forward(A)
    scores = p["W3"] @ A + p["b3"]
    expo = np.exp(scores)
    probs = expo / expo.sum(axis=0)
    delta = probs / Y.shape[1] * (1 - Y)
    grads = {"dW3": delta @ A.T, "db3": delta.sum(axis=1, keepdims=True)}
    dA = p["W3"].T @ delta
    for number, block in ((2, blocks[1]), (1, blocks[0])):
        dA = block.backward(dA)
        grads[f"dW{number}"], grads[f"db{number}"] = block.dW, block.db
    return grads
