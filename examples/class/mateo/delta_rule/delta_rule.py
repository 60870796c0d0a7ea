# Mateo Núñez - Introducción al Deep Learning
# Tarea: regla delta (año 2027)
import numpy as np

def sgm(s, activation="sigmoid"):
    if activation == "sigmoid":
        chico = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, chico) / (1.0 + chico)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError("activación no conocida")

def sgm_prime(s, activation="sigmoid"):
    y = sgm(s, activation)
    if activation == "sigmoid":
        return y * (1 - y)
    return 1 - y ** 2

# propagación hacia adelante
def forward(x, w_hidden, w_output, activation="sigmoid"):
    s1 = w_hidden @ x
    z = sgm(s1, activation)
    s2 = w_output @ z
    return s1, z, s2, sgm(s2, activation)

# delta de la última capa
def output_delta(s_output, target, activation="sigmoid"):
    if s_output.shape != target.shape:
        raise ValueError("tamaños distintos")
    return 2 * (target - sgm(s_output, activation)) * sgm_prime(s_output, activation)

def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return (delta_output @ w_output) * sgm_prime(s_hidden, activation)

def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)

def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s1, z, s2, _ = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(s2, target, activation)
    w2 = w_output + weight_step(d2, z, mu)   # primero la salida, después la oculta
    d1 = hidden_delta(s1, w2, d2, activation)
    return w_hidden + weight_step(d1, x, mu), w2

def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s1, z, s2, _ = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(s2, target, activation)
    d1 = hidden_delta(s1, w_output, d2, activation)
    return w_hidden + weight_step(d1, x, mu), w_output + weight_step(d2, z, mu)
