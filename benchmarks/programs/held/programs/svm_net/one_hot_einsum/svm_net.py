import numpy as np


def loss_and_grads(X, y, params, reg):
    W1, b1, W2, b2 = [params[k] for k in ("W1", "b1", "W2", "b2")]
    N, C = len(X), len(b2)
    T = np.eye(C)[y]
    Z = np.einsum("nd,dh->nh", X, W1) + b1
    gate = (Z > 0) * 1.0
    S = np.einsum("nh,nh,hc->nc", Z, gate, W2) + b2
    true = np.sum(S * T, axis=1, keepdims=True)
    V = ((S - true + 1) > 0) * (1 - T)
    loss = np.sum(V * (S - true + 1)) / N + reg * sum(np.vdot(w, w) for w in (W1, W2))
    G = (V - T * (V @ np.ones((C, C)))) / N
    back = np.einsum("nc,hc,nh->nh", G, W2, gate)
    return loss, {
        "scores": G,
        "W2": np.einsum("nh,nh,nc->hc", Z, gate, G) + reg * (W2 + W2),
        "b2": np.ones(N) @ G,
        "W1": np.einsum("nd,nh->dh", X, back) + reg * (W1 + W1),
        "b1": np.ones(N) @ back,
    }
