"""gamma of the first time alone."""


def forward(x, gamma, beta):
    return gamma * x + beta, (x, gamma)


def backward(dout, cache):
    x, gamma = cache
    return dout * gamma, (dout * x)[:, 0].sum(0), dout.sum((0, 1))
