import numpy as np


class TwoLayerNet:
    def __init__(self, W1, b1, W2, b2):
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2

    def loss(self, X, y=None):
        z = X @ self.W1 + self.b1
        h = np.where(z > 0, z, 0)
        s = h @ self.W2 + self.b2
        if y is None:
            return s
        logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
        ds = (np.exp(logp) - y) / X.shape[0]
        dz = ds @ self.W2.T * (z > 0)
        grads = {"W1": X.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ ds, "b2": ds.sum(axis=0)}
        return -(y * logp).sum() / X.shape[0], grads


class Solver:
    def __init__(self, model, data, update_rule="sgd", num_epochs=10):
        self.model, self.data, self.num_epochs = model, data, num_epochs

    def train(self):
        for _ in range(self.num_epochs):
            self.model.loss(self.data["X_train"], self.data["y_train"])


data = {name: np.load(f"cifar10/{name}.npy") for name in ("X_train", "y_train", "X_val", "y_val")}
solver = Solver(TwoLayerNet(*np.load("start.npz").values()), data, num_epochs=20)
solver.train()
print("validation:", solver.model.loss(data["X_val"]).argmax(axis=1))
