import numpy as np


def model_gradients(X, Y, parameters):
    Ws = [parameters[f"W{l}"] for l in (1, 2, 3)]
    bs = [parameters[f"b{l}"] for l in (1, 2, 3)]
    acts = [X]
    for W, b in zip(Ws[:2], bs[:2]):
        u = W @ acts[-1] + b
        acts.append((np.exp(u) - np.exp(-u)) / (np.exp(u) + np.exp(-u)))
    logit = Ws[2] @ acts[-1] + bs[2]
    m = Y.size
    n_x = X.shape[0]
    delta = (np.exp(logit) / (1 + np.exp(logit)) - Y) / n_x
    out = {"dZ3": delta}
    for l in (3, 2, 1):
        below = acts[l - 1]
        dW, db = np.zeros_like(Ws[l - 1]), np.zeros_like(bs[l - 1])
        for ex in range(m):
            for j in range(dW.shape[0]):
                db[j, 0] += delta[j, ex]
                for k in range(dW.shape[1]):
                    dW[j, k] += delta[j, ex] * below[k, ex]
        out[f"dW{l}"], out[f"db{l}"] = dW, db
        if l > 1:
            new = np.zeros_like(below)
            for k in range(below.shape[0]):
                for j in range(dW.shape[0]):
                    new[k] += Ws[l - 1][j, k] * delta[j]
                new[k] *= (1 + below[k]) * (1 - below[k])
            delta = new
            out[f"dZ{l - 1}"] = delta
    return out
