import numpy as np


def attn_forward(x, Wq, Wk, Wv):
    out = np.zeros(x.shape[:2] + (Wv.shape[1],))
    weights = []
    for b in range(len(x)):
        q, k, v = x[b] @ Wq, x[b] @ Wk, x[b] @ Wv
        rows = []
        for t in range(len(q)):
            s = k[:t + 1] @ q[t] / q.shape[1] ** 0.5
            w = np.exp(s - s.max())
            w = w / w.sum()
            out[b, t] = w @ v[:t + 1]
            rows.append(w)
        weights.append((q, k, v, rows))
    return out, (x, weights, Wq, Wk, Wv)


def attn_backward(dout, cache):
    x, weights, Wq, Wk, Wv = cache
    dx, dWq, dWk, dWv = np.zeros_like(x), np.zeros_like(Wq), np.zeros_like(Wk), np.zeros_like(Wv)
    for b, (q, k, v, rows) in enumerate(weights):
        dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
        for t, w in enumerate(rows):
            dv[:t + 1] += np.outer(w, dout[b, t])
            dw = v[:t + 1] @ dout[b, t]
            ds = w * (dw - w @ dw) / q.shape[1] ** 0.5
            dq[t] = ds @ k[:t + 1]
            dk[:t + 1] += np.outer(ds, q[t])
        dWq += x[b].T @ dq
        dWk += x[b].T @ dk
        dWv += x[b].T @ dv
        dx[b] = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, dWq, dWk, dWv
