import numpy as np


def backward(x, y, W1, b1, W2, b2, W3, b3):
    n = x.shape[0]
    dW1, dW2, dW3 = np.zeros_like(W1), np.zeros_like(W2), np.zeros_like(W3)
    db1, db2, db3 = np.zeros_like(b1), np.zeros_like(b2), np.zeros_like(b3)
    delta1 = np.zeros((n, len(b1)))
    delta2 = np.zeros((n, len(b2)))
    delta3 = np.zeros((n, len(b3)))
    for i in range(n):
        h1 = np.tanh(x[i].dot(W1) + b1)
        s2 = h1.dot(W2) + b2
        h2 = np.where(s2 > 0, s2, 0)
        s3 = h2.dot(W3) + b3
        p = np.exp(s3 - s3.max())
        p = p / p.sum()

        d3 = (p - y[i]) / n
        dW3 += np.outer(h2, d3)
        db3 += d3
        d2 = W3.dot(d3)
        d2[s2 <= 0] = 0
        dW2 += np.outer(h1, d2)
        db2 = d2
        d1 = W2.dot(d2) * (1 - h1 ** 2)
        dW1 += np.outer(x[i], d1)
        db1 += d1
        delta1[i], delta2[i], delta3[i] = d1, d2, d3
    return dict(dz1=delta1, dz2=delta2, dz3=delta3, dW1=dW1, dW2=dW2, dW3=dW3, db1=db1, db2=db2, db3=db3)
