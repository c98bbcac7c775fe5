import numpy as np


def affine_forward(x, w, b):
    out = x.dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def softmax_loss(scores, y):
    N = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(shifted)
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(N), y]).mean()
    dscores = probs.copy()
    dscores /= N
    return loss, dscores


def loss_gradients(params, X, y):
    a1, fc1 = affine_forward(X, params["W1"], params["b1"])
    h1, act1 = relu_forward(a1)
    scores, fc2 = affine_forward(h1, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    grads = {}
    dh1, grads["W2"], grads["b2"] = affine_backward(dscores, fc2)
    da1 = relu_backward(dh1, act1)
    grads["x"], grads["W1"], grads["b1"] = affine_backward(da1, fc1)
    return grads
