import numpy as np

def sigmoide(s):
    return 1 / (1 + np.exp(-s))

def sgm_prime(s, activation="sigmoid"):
    if activation == "sigmoid":
        return sigmoide(s) * (1 - sigmoide(s))
    return 1 - np.tanh(s)**2

def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden = w_hidden @ x
    if activation == "sigmoid":
        hidden = sigmoide(s_hidden)
    else
        hidden = np.tanh(s_hidden)
    s_output = w_output @ hidden
    if activation == "sigmoid":
        output = sigmoide(s_output)
    else:
        output = np.tanh(s_output)
    return s_hidden, hidden, s_output, output

def output_delta(s_output, target, activation="sigmoid"):
    if activation == "sigmoid":
        y = sigmoide(s_output)
    else:
        y = np.tanh(s_output)
    return 2 * (target - y) * sgm_prime(s_output, activation)

def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return w_output.T @ delta_output * sgm_prime(s_hidden, activation)

def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)

def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    w_output = w_output + weight_step(delta, hidden, mu)
    delta_h = hidden_delta(s_hidden, w_output, delta, activation)
    return w_hidden + weight_step(delta_h, x, mu), w_output

def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    delta_h = hidden_delta(s_hidden, w_output, delta, activation)
    return w_hidden + weight_step(delta_h, x, mu), w_output + weight_step(delta, hidden, mu)
