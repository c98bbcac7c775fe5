"""Scale and shift, the same at every time."""


def forward(x, gamma, beta):
    return gamma * x + beta, (x, gamma)


def backward(dout, cache):
    x, gamma = cache
    return dout * gamma, (dout * x).sum((0, 1)), dout.sum((0, 1))
