import numpy as np

def backprop(x, y, W2, b2, W3):
    a2 = 1 / (1 + np.exp(-(W2 @ x + b2))
    a3 = 1 / (1 + np.exp(-(W3 @ a2)))
    return a3
