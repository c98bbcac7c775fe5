import numpy as np


def triplet_gradients(a, p, q, W, b, V):
    n = len(a)
    stacked = np.concatenate([a, p, q])
    hidden = np.tanh(stacked @ W + b)
    code = hidden @ V
    ea, ep, eq = code[:n], code[n:2 * n], code[2 * n:]
    near, far = ea - ep, ea - eq
    violated = [i for i in range(n) if near[i] @ near[i] - far[i] @ far[i] + 1 > 0]
    upstream = np.zeros_like(code)
    for i in violated:
        upstream[i] += 2 * near[i]
        upstream[n + i] -= 2 * near[i]
        upstream[2 * n + i] += 2 * far[i]
    upstream /= n
    grad_V = np.einsum("iu,ie->ue", hidden, upstream)
    back = np.einsum("ie,ue->iu", upstream, V) * (1 - hidden * hidden)
    return grad_V, np.einsum("id,iu->du", stacked, back), np.einsum("iu->u", back)
