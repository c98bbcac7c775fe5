"""The three links from J = (y - h3)² to the weights of the last layer."""


def links(h2, z2, h3, y):
    dJ_dh3 = 2 * (h3 - y)
    dh3_dz2 = h3 * (1 - h3)
    dz2_dW2 = h2
    return dJ_dh3, dh3_dz2, dz2_dW2


def product(dJ_dh3, dh3_dz2, dz2_dW2):
    return (dJ_dh3 * dh3_dz2) @ dz2_dW2.T
