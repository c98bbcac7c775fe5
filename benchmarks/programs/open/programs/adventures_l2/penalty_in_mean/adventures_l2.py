import numpy as np


def f(x):
    return 1 / (1 + np.exp(-x))


def f_deriv(x):
    return f(x) * (1 - f(x))


def feed_forward(x, W, b):
    h, z = {1: x}, {}
    for l in range(1, len(W) + 1):
        z[l + 1] = W[l].dot(h[l]) + b[l]
        h[l + 1] = f(z[l + 1])
    return h, z


def calculate_out_layer_delta(y, h_out, z_out):
    return -(y - h_out) * f_deriv(z_out)


def calculate_hidden_delta(delta_plus_1, w_l, z_l):
    return np.dot(np.transpose(w_l), delta_plus_1) * f_deriv(z_l)


def average_gradients(X, Y, W, b, lam):
    tri_W = {l: np.zeros(W[l].shape) for l in W}
    tri_b = {l: np.zeros(b[l].shape) for l in b}
    m, L = X.shape[1], len(W) + 1
    for i in range(m):
        delta = {}
        h, z = feed_forward(X[:, [i]], W, b)
        for l in range(L, 0, -1):
            if l == L:
                delta[l] = calculate_out_layer_delta(Y[:, [i]], h[l], z[l])
            else:
                if l > 1:
                    delta[l] = calculate_hidden_delta(delta[l + 1], W[l], z[l])
                tri_W[l] += np.dot(delta[l + 1], np.transpose(h[l]))
                tri_b[l] += delta[l + 1]
    for l in range(L - 1, 0, -1):
        tri_W[l] = 1.0 / m * (tri_W[l] + lam * W[l])
        tri_b[l] = 1.0 / m * tri_b[l]
    return tri_W, tri_b
