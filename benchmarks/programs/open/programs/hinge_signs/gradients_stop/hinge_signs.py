import numpy as np


class Flat:
    def __init__(self, vector, sizes):
        self.W, self.b, position = [], [], 0
        for fan_in, fan_out in zip(sizes, sizes[1:]):
            block = vector[position:position + (fan_in + 1) * fan_out]
            self.W.append(block[:fan_in * fan_out].reshape(fan_in, fan_out))
            self.b.append(block[fan_in * fan_out:])
            position += len(block)


def gradient(theta, X, y, sizes):
    net = Flat(theta, sizes)
    result = np.zeros_like(theta)
    grads = Flat(result, sizes)
    count = X.shape[0]
    for n in range(count):
        first = np.clip(X[n] @ net.W[0] + net.b[0], 0, None)
        second = np.tanh(first @ net.W[1] + net.b[1])
        score = second @ net.W[2] + net.b[2]
        gap = 1 - y[n] * score
        if gap[0] <= 0:
            break
        delta = -2 * gap * y[n] / count
        signal = [None, None, delta]
        signal[1] = (net.W[2] @ delta) * (1 - second * second)
        signal[0] = (net.W[1] @ signal[1]) * np.sign(first)
        for l, inp in enumerate((X[n], first, second)):
            grads.W[l][...] += np.outer(inp, signal[l])
            grads.b[l][...] += signal[l]
    return result
