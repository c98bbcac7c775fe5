import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, inp):
        self.inp = inp
        return inp @ self.W + self.b

    def backward(self, grad):
        self.dW = np.dot(self.inp.T, grad)
        self.db = grad.sum(axis=0)
        self.W -= 0.1 * self.dW
        self.b -= 0.1 * self.db
        return np.dot(grad, self.W.T)


class Tanh:
    def forward(self, z):
        self.out = np.tanh(z)
        return self.out

    def backward(self, grad):
        return grad * (1.0 - self.out * self.out)


class ReLU:
    def forward(self, z):
        self.mask = z > 0
        return z * self.mask

    def backward(self, grad):
        return grad * self.mask


class SoftmaxCE:
    def forward(self, z, y):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        self.y = y
        return -np.mean(np.sum(y * np.log(self.p), axis=1))

    def backward(self):
        return (self.p - self.y) / self.y.shape[0]


def backward(x, y, W1, b1, W2, b2, W3, b3):
    fc1, fc2, fc3 = Dense(W1, b1), Dense(W2, b2), Dense(W3, b3)
    act1, act2, loss = Tanh(), ReLU(), SoftmaxCE()
    h = act1.forward(fc1.forward(x))
    h = act2.forward(fc2.forward(h))
    loss.forward(fc3.forward(h), y)
    dz3 = loss.backward()
    dz2 = act2.backward(fc3.backward(dz3))
    dz1 = act1.backward(fc2.backward(dz2))
    fc1.backward(dz1)
    return {"dz3": dz3, "dz2": dz2, "dz1": dz1, "dW3": fc3.dW, "dW2": fc2.dW, "dW1": fc1.dW,
            "db3": fc3.db, "db2": fc2.db, "db1": fc1.db}
