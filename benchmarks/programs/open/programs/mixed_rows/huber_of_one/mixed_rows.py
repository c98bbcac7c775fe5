import numpy as np

softplus = (lambda z: np.logaddexp(0, z), lambda z, a: 1 - np.exp(-a))
elu = (lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))), lambda z, a: np.exp(np.minimum(z, 0)))
linear = (lambda z: z, lambda z, a: np.ones_like(z))


class Model:
    acts = [softplus, elu, linear]

    def __init__(self, *params):
        self.weights, self.biases = params[0::2], params[1::2]

    def forward(self, x):
        self.zs, self.outs = [], [x]
        for w, b, (fun, _) in zip(self.weights, self.biases, self.acts):
            self.zs.append(np.dot(self.outs[-1], w) + b)
            self.outs.append(fun(self.zs[-1]))

    def backward(self, y):
        self.grads = {}
        batch = len(y)
        error = np.clip(self.outs[-1] - y, -1, 1) / batch
        for l in (2, 1, 0):
            slope = self.acts[l][1](self.zs[l], self.outs[l + 1])
            delta = error * slope
            self.grads[f"W{l + 1}"] = np.dot(self.outs[l].T, delta)
            self.grads[f"b{l + 1}"] = np.sum(delta, axis=0)
            error = np.dot(delta, self.weights[l].T)
        self.grads["x"] = error
