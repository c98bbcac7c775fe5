import numpy as np

def sigmoid(z):
    return 1/(1+np.exp(-z))

def backprop(x, y, W2, b2, W3):
    m = float(x.shape[1])
    a2 = sigmoid(np.dot(W2, x)+b2)
    a3 = sigmoid(np.dot(W3, a2))
    print "cost: %f" % (0.5*np.sum((a3-y)**2)/m)
    d3 = (a3-y)*a3*(1-a3)/m
    d2 = np.dot(W3.T, d3)*a2*(1-a2)
    if np.isnan(d2).any():
        raise ValueError, "nan"
    return np.dot(d2, x.T), d2.sum(1, keepdims=True), np.dot(d3, a2.T), d2, d3

if __name__ == '__main__':
    print "testing"
