import numpy as np

sig = lambda t: 0.5 + 0.5 * np.tanh(t / 2)
SLOPES = {"f": lambda v: v - v * v, "i": lambda v: v - v * v, "o": lambda v: v - v * v, "c": lambda v: 1 - v * v}


def lstm_cell(da_next, dc_next, xt, a_prev, c_prev, parameters):
    P = parameters
    G = {"d" + name: np.zeros_like(value) for name, value in P.items()}
    n_a, m = a_prev.shape
    back = {"da_prev": np.empty((n_a, m)), "dxt": np.empty(xt.shape), "dc_prev": np.empty((n_a, m))}
    for s in range(m):
        k = np.r_[a_prev[:, s], xt[:, s]]
        v = {}
        for name, f in (("f", sig), ("i", sig), ("o", sig), ("c", np.tanh)):
            v[name] = f(P["W" + name] @ k + P["b" + name].ravel())
        cell = v["f"] * c_prev[:, s] + v["i"] * v["c"]
        pull = dc_next[:, s] + da_next[:, s] * v["o"] / np.cosh(cell) ** 2
        seen = {"f": pull * c_prev[:, s], "i": pull * v["c"], "c": pull * v["i"], "o": da_next[:, s] * np.tanh(cell)}
        dk = np.zeros(len(k))
        for name in "fioc":
            d = seen[name] * SLOPES[name](v[name])
            G["dW" + name] += d[:, None] * k
            G["db" + name] += d[:, None]
            dk += d @ P["W" + name]
        back["da_prev"][:, s], back["dxt"][:, s] = dk[:n_a], dk[n_a:]
        back["dc_prev"][:, s] = pull * v["f"]
    return {**G, **back}
