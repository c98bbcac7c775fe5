import numpy as np


class Gate:
    def __init__(self, fun, slope):
        self.fun, self.slope = fun, slope

    def forward(self, pre):
        self.out = self.fun(pre)
        return self.out

    def backward(self, grad):
        return grad * self.slope(self.out)


def logistic(v):
    return 0.5 * (1 + np.tanh(v / 2))


def lstm_step_forward(x, hp, cp, Wx, Wh, b):
    gates = {name: Gate(logistic, lambda s: s - s * s) for name in "ifo"}
    gates["g"] = Gate(np.tanh, lambda s: (1 - s) * (1 + s))
    joint = np.concatenate((x, hp), axis=1)
    weights = np.concatenate((Wx, Wh), axis=0)
    pieces = np.split(joint @ weights + b, 4, axis=1)
    i, f, o, g = (gates[name].forward(p) for name, p in zip("ifog", pieces))
    c = f * cp + i * g
    squash = Gate(np.tanh, lambda s: 1 - s * s)
    h = o * squash.forward(c)
    return h, c, dict(gates=gates, squash=squash, joint=joint, weights=weights, cp=cp, d=x.shape[1])


def lstm_step_backward(dh, dc, cache):
    gates, squash = cache["gates"], cache["squash"]
    i, f, o, g = (gates[name].out for name in "ifog")
    total = dc + squash.backward(dh * o)
    into = {"i": total * g, "f": total * cache["cp"], "o": dh * squash.out, "g": total * i}
    dpre = np.concatenate([gates[name].backward(into[name]) for name in "ifog"], axis=1)
    djoint = dpre @ cache["weights"].T
    dweights = cache["joint"].T @ dpre
    d = cache["d"]
    return djoint[:, :d], djoint[:, d:], total * f, dweights[:d], dweights[d:], dpre.sum(0)
