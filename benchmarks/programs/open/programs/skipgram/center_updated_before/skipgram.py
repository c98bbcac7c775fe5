import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def naive_pair(center_vec, outside_idx, neg_idx, outside_vectors):
    grad_outside = np.zeros_like(outside_vectors)
    u_o = outside_vectors[outside_idx]
    z = sigmoid(u_o @ center_vec)
    loss = -np.log(z)
    grad_center = (z - 1) * u_o
    center_vec = center_vec - 0.1 * grad_center
    grad_outside[outside_idx] += (z - 1) * center_vec
    for k in neg_idx:
        u_k = outside_vectors[k]
        z = sigmoid(-(u_k @ center_vec))
        loss -= np.log(z)
        grad_center += (1 - z) * u_k
        grad_outside[k] += (1 - z) * center_vec
    return loss, grad_center, grad_outside


def sgns_gradients(Win, Wout, centers, outsides, negatives):
    num = len(centers)
    grad_in = np.zeros_like(Win)
    grad_out = np.zeros_like(Wout)
    for i in range(num):
        loss, gc, go = naive_pair(Win[centers[i]], outsides[i], negatives[i], Wout)
        grad_in[centers[i]] += gc / num
        grad_out += go / num
    return grad_in, grad_out
