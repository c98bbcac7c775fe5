import numpy as np

train = np.genfromtxt("train.csv", delimiter=",", skip_header=1)
X_train, t_train = train[:, :2], train[:, 2:]
print(X_train.shape, t_train.shape)


def sig(v):
    return 1.0 / (1.0 + np.exp(-v))


def backprop(x, y, W2, b2, W3):
    n = x.shape[1]
    a2 = sig(np.dot(W2, x) + b2)
    a3 = sig(np.dot(W3, a2))
    d3 = (a3 - y) * a3 * (1 - a3)
    d2 = np.dot(W3.T, d3) * a2 * (1 - a2)
    dW3 = np.dot(d3, a2.T) / n
    dW2 = np.dot(d2, x.T) / n
    db2 = np.mean(d2, axis=1, keepdims=True)
    return dW2, db2, dW3, d2 / n, d3 / n


grads = backprop(X_train.T, t_train.T, np.ones((3, 2)), np.zeros((3, 1)), np.ones((1, 3)))
print(grads[0])
