from abc import ABC, abstractmethod
import numpy as np


class Layer(ABC):
    @abstractmethod
    def forward(self, x): ...

    @abstractmethod
    def backward(self, grad): ...


class Linear(Layer):
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T


class ReLU(Layer):
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


class SoftmaxCE:
    def __call__(self, z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        self.p, self.y = e / e.sum(1, keepdims=True), y
        return -(y * np.log(self.p)).sum() / len(y)

    def backward(self):
        return (self.p - self.y) / len(self.y)


class TwoLayerNet:
    def __init__(self, *weights):
        self.layers = [Linear(*weights[:2]), ReLU(), Linear(*weights[2:])]
        self.criterion = SoftmaxCE()

    def loss(self, x, y):
        for layer in self.layers:
            x = layer.forward(x)
        loss, grad = self.criterion(x, y), self.criterion.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        first, _, last = self.layers
        return loss, dict(W1=first.dW, b1=first.db, W2=last.dW, b2=last.db)


rng = np.random.default_rng(0)
data, labels = rng.normal(size=(30, 4)), np.eye(3)[rng.integers(3, size=30)]
net = TwoLayerNet(rng.normal(size=(4, 5)), np.zeros(5), rng.normal(size=(5, 3)), np.zeros(3))
for step in range(100):
    _, g = net.loss(data, labels)
    for layer in (net.layers[0], net.layers[2]):
        layer.W -= 0.1 * layer.dW
        layer.b -= 0.1 * layer.db
