"""Everything at the top level, as in a first lab."""
import numpy as np

np.random.seed(1)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
T = np.array([[0, 1, 1, 0]])
W2 = np.random.randn(3, 2)
b2 = np.zeros((3, 1))
W3 = np.random.randn(1, 3)
LEARNING_RATE = 0.5


def s(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W2, b2, W3):
    h = s(W2.dot(x) + b2)
    return h, s(W3.dot(h))


for epoch in range(10 ** 9):
    h, out = forward(X, W2, b2, W3)
    error = out - T
    grad_out = error * out * (1 - out)
    grad_h = W3.T.dot(grad_out) * h * (1 - h)
    W3 -= LEARNING_RATE * grad_out.dot(h.T)
    W2 -= LEARNING_RATE * grad_h.dot(X.T)
    b2 -= LEARNING_RATE * grad_h.sum(1, keepdims=True)
    if epoch % 1000000 == 0:
        print("epoch", epoch, "loss", (error ** 2).mean())

print("final weights", W2, W3)


def backprop(x, y, W2, b2, W3):
    h, out = forward(x, W2, b2, W3)
    grad_out = (out - y) * out * (1 - out) / y.shape[1]
    grad_h = W3.T.dot(grad_out) * h * (1 - h)
    return grad_h.dot(x.T), grad_h.sum(1, keepdims=True), grad_out.dot(h.T), grad_h, grad_out
