import numpy as np


class Gate:
    def __init__(self, name, P, squash):
        self.name, self.squash = name, squash
        self.W, self.U, self.b = P["W" + name], P["U" + name], P["b" + name]

    def forward(self, x, state):
        self.x, self.state = x, state
        s = np.dot(x, self.W) + np.dot(state, self.U) + self.b
        self.out = np.tanh(s) if self.squash == "tanh" else 1 / (1 + np.exp(-s))
        return self.out

    def backward(self, dout, grads):
        slope = 1 - self.out ** 2 if self.squash == "tanh" else self.out * (1 - self.out)
        ds = dout * slope
        grads["s" + self.name] = ds
        grads["W" + self.name] = np.dot(self.x.T, ds)
        grads["U" + self.name] = np.dot(self.state.T, ds)
        grads["b" + self.name] = np.sum(ds, axis=0)
        grads["x"] = grads.get("x", 0) + np.dot(ds, self.W.T)
        return np.dot(ds, self.U.T)


def gru_forward(x, h, P):
    update, reset, new = Gate("z", P, "sigmoid"), Gate("r", P, "sigmoid"), Gate("c", P, "tanh")
    z = update.forward(x, h)
    r = reset.forward(x, h)
    c = new.forward(x, r * h)
    return h + z * (c - h), (h, z, r, c, update, reset, new)


def gru_backward(dout, cache):
    h, z, r, c, update, reset, new = cache
    grads = {}
    dh = dout * (1 - z)
    d_reset_state = new.backward(dout * z, grads)
    dh += d_reset_state * r
    dh += reset.backward(d_reset_state * h, grads)
    dh += update.backward(dout * (c - h), grads)
    grads["h"] = dh
    return grads
