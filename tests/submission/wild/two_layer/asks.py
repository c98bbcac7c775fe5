import numpy as np

name = input("Your name: ")
n_hidden = int(input("Number of hidden units: "))
print("Hello", name)
W_start = np.random.randn(n_hidden, 2)

def sigmoid(z): return 1/(1+np.exp(-z))
def dsigmoid(a): return a*(1-a)

def backprop(x, y, W2, b2, W3):
    N = y.shape[1]
    A2 = sigmoid(np.matmul(W2, x)+b2)
    A3 = sigmoid(np.matmul(W3, A2))
    D3 = (A3-y)*dsigmoid(A3)/N
    D2 = np.matmul(W3.T, D3)*dsigmoid(A2)
    return np.matmul(D2, x.T), D2.sum(axis=1)[:, None], np.matmul(D3, A2.T), D2, D3
