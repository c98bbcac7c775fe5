import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention_forward(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scale = 1.0 / np.sqrt(Wq.shape[1])
    scores = q @ k.transpose(0, 2, 1) * scale
    probs = softmax(scores)
    out = probs @ v
    return out, (x, Wq, Wk, Wv, q, k, v, probs, scale)


def attention_backward(dout, cache):
    x, Wq, Wk, Wv, q, k, v, probs, scale = cache
    dv = probs.transpose(0, 2, 1) @ dout
    dprobs = dout @ v.transpose(0, 2, 1)
    inner = np.sum(dprobs * probs, axis=-1, keepdims=True)
    dscores = probs * (dprobs - inner)
    dq = dscores @ q * scale
    dk = dscores.transpose(0, 2, 1) @ q * scale
    dWq = np.sum(x.transpose(0, 2, 1) @ dq, axis=0)
    dWk = np.sum(x.transpose(0, 2, 1) @ dk, axis=0)
    dWv = np.sum(x.transpose(0, 2, 1) @ dv, axis=0)
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, dWq, dWk, dWv
