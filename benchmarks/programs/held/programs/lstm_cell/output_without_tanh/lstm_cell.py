import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt), axis=0)
    ft = sigmoid(np.dot(parameters["Wf"], concat) + parameters["bf"])
    it = sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(parameters["Wo"], concat) + parameters["bo"])
    a_next = ot * c_next
    return a_next, c_next, ft, it, cct, ot, concat


def lstm_cell(da_next, dc_next, xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    a_next, c_next, ft, it, cct, ot, concat = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    tc = c_next

    dc = dc_next + da_next * ot
    dot = da_next * tc * ot * (1 - ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)

    grads = {}
    for gate, dz in zip("fico", (dft, dit, dcct, dot)):
        grads["dW" + gate] = np.dot(dz, concat.T)
        grads["db" + gate] = np.sum(dz, axis=1, keepdims=True)

    dconcat = np.dot(parameters["Wf"].T, dft) + np.dot(parameters["Wi"].T, dit)
    dconcat = dconcat + np.dot(parameters["Wc"].T, dcct) + np.dot(parameters["Wo"].T, dot)
    grads["da_prev"] = dconcat[:n_a, :]
    grads["dxt"] = dconcat[n_a:, :]
    grads["dc_prev"] = dc * ft
    return grads
