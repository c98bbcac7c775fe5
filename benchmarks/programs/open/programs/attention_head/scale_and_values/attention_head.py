import numpy as np


def attention_forward(x, Wq, Wk, Wv):
    out = np.zeros(x.shape[:2] + (Wv.shape[1],))
    tape = []
    for b, seq in enumerate(x):
        Q, K, V = seq @ Wq, seq @ Wk, seq @ Wv
        P = np.zeros((len(seq), len(seq)))
        for t in range(len(seq)):
            row = K @ Q[t] / np.sqrt(K.shape[1])
            P[t] = np.exp(row) / np.exp(row).sum()
            out[b, t] = P[t] @ V
        tape.append((seq, Q, K, V, P))
    return out, (tape, Wq, Wk, Wv)


def attention_backward(dout, cache):
    tape, Wq, Wk, Wv = cache
    dWq, dWk, dWv = np.zeros_like(Wq), np.zeros_like(Wk), np.zeros_like(Wv)
    dx = []
    for (seq, Q, K, V, P), g in zip(tape, dout):
        dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
        for t in range(len(seq)):
            J = np.diag(P[t]) - np.outer(P[t], P[t])
            drow = J @ (V @ g[t])
            dQ[t] = drow @ K
            dK += np.outer(drow, Q[t])
            dV[t] = P[t, t] * g[t]
        dWq += seq.T @ dQ
        dWk += seq.T @ dK
        dWv += seq.T @ dV
        dx.append(dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T)
    return np.array(dx), dWq, dWk, dWv
