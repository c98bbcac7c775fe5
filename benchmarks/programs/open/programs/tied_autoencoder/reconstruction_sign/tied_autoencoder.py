import numpy as np


def logistic(t):
    return 1.0 / (1.0 + np.exp(-t))


def gradients(noisy, clean, W, b, c, lam):
    n = noisy.shape[0]
    hidden = logistic(noisy.dot(W) + b)
    recon = logistic(hidden.dot(W.T) + c)

    d_recon = -(clean / recon + (1 - clean) / (1 - recon)) / n
    d_out = d_recon * recon * (1 - recon)
    grad_c = d_out.sum(axis=0)
    d_hidden = d_out.dot(W)
    d_in = d_hidden * hidden * (1 - hidden)
    grad_b = d_in.sum(axis=0)
    grad_encoder = noisy.T.dot(d_in)
    grad_decoder = d_out.T.dot(hidden)
    grad_W = grad_encoder + grad_decoder + lam * W
    return grad_W, grad_b, grad_c
