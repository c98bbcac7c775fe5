import numpy as np

sig = lambda t: 1.0 / (1.0 + np.exp(-t))


def lstm_step_forward(x, hp, cp, Wx, Wh, b):
    N, U = hp.shape
    h, c, tape = np.empty((N, U)), np.empty((N, U)), []
    for n in range(N):
        a = Wx.T @ x[n] + Wh.T @ hp[n] + b
        i, f, o = sig(a[0:U]), sig(a[U:2 * U]), sig(a[2 * U:3 * U])
        g = np.tanh(a[3 * U:4 * U])
        c[n] = f * cp[n] + i * g
        h[n] = o * np.tanh(c[n])
        tape.append((i, f, o, g))
    return h, c, (x, hp, cp, Wx, Wh, c, tape)


def lstm_step_backward(dh, dc, cache):
    x, hp, cp, Wx, Wh, c, tape = cache
    dx, dhp, dcp = np.zeros_like(x), np.zeros_like(hp), np.zeros_like(cp)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wx.shape[1])
    for n in range(len(x)):
        i, f, o, g = tape[n]
        t = np.tanh(c[n])
        cell = dc[n] + dh[n] * o * (1 - t * t)
        dpre = np.r_[cell * g * i * (1 - i), cell * cp[n] * f * (1 - f),
                     dh[n] * t * o * (1 - o), cell * i * (1 - g * g)]
        dcp[n] = cell * f
        dx[n] = Wx @ dpre
        dhp[n] = Wh @ dpre
        dWx += np.outer(x[n], dpre)
        dWh += np.outer(hp[n], dpre)
        db = dpre
    return dx, dhp, dcp, dWx, dWh, db
