import numpy as np


def svm_loss(W1, b1, W2, b2, X, y, reg):
    dW1, db1 = np.zeros(W1.shape), np.zeros(b1.shape)
    dW2, db2 = np.zeros(W2.shape), np.zeros(b2.shape)
    num_train, num_classes = X.shape[0], W2.shape[1]
    loss = 0.0
    for i in range(num_train):
        pre = X[i].dot(W1) + b1
        h = pre * (pre > 0)
        s = h.dot(W2) + b2
        ds = np.zeros(num_classes)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = s[j] - s[y[i]] + 1
            if margin > 0:
                loss += margin
                ds[j] += 1
                ds[y[i]] = -1
        dW2 += np.outer(h, ds)
        db2 += ds
        dh = W2.dot(ds)
        dpre = dh * (pre > 0)
        dW1 += np.outer(X[i], dpre)
        db1 += dpre
    grads = []
    for g, p in ((dW1, W1), (db1, None), (dW2, W2), (db2, None)):
        g /= num_train
        if p is not None:
            g += reg * p
        grads.append(g)
    return grads
