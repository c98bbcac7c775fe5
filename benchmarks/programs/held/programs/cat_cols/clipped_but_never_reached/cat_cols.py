import numpy as np


class TwoLayer:
    def __init__(self, parameters):
        self.params = parameters
        self.history = []

    def hidden(self, X):
        z = np.dot(self.params["W1"], X) + self.params["b1"]
        a = np.where(z > 0, z, 0)
        self.history.append((X, z, a))
        return a

    def output(self, A):
        logit = np.dot(self.params["W2"], A) + self.params["b2"]
        prob = 1 / (1 + np.exp(-logit))
        self.history.append((A, logit, prob))
        return prob

    def gradients(self, Y):
        m = Y.shape[1]
        A1, logit, prob = self.history.pop()
        prob = np.clip(prob, 1e-15, 1 - 1e-15)
        error = np.divide(prob - Y, m)
        dW2 = error @ A1.T
        db2 = error.sum(axis=1, keepdims=True)
        X, z, a = self.history.pop()
        back = (self.params["W2"].T @ error) * np.heaviside(z, 0)
        dW1 = back @ X.T
        db1 = back.sum(axis=1, keepdims=True)
        return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


def model_gradients(X, Y, parameters):
    net = TwoLayer(parameters)
    net.output(net.hidden(X))
    return net.gradients(Y)
