# Camila Rojas
# Tarea 1: regla delta
import numpy as np

# cada activación con su derivada en función de la SALIDA y (más barato que recalcular)
def _sigmoide(s):
    return 0.5 * (1.0 + np.tanh(0.5 * s))      # igual a 1/(1+e^-s) pero no se desborda

ACT = {
    "sigmoid": (_sigmoide, lambda y: y * (1 - y)),
    "tanh": (np.tanh, lambda y: 1 - y ** 2),
}

def _busca(nombre):
    if nombre not in ACT:
        raise ValueError("activación desconocida: " + str(nombre))
    return ACT[nombre]

def sgm_prime(s, activation="sigmoid"):
    f, df = _busca(activation)
    return df(f(s))

def forward(x, w_hidden, w_output, activation="sigmoid"):
    f, _ = _busca(activation)
    sh = w_hidden.dot(x)
    h = f(sh)
    so = w_output.dot(h)
    return sh, h, so, f(so)

def output_delta(s_output, target, activation="sigmoid"):
    if np.shape(s_output) != np.shape(target):
        raise ValueError("s_output y target deben tener el mismo largo")
    f, df = _busca(activation)
    y = f(s_output)
    eps = target - y
    return 2 * eps * df(y)

def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    f, df = _busca(activation)
    # delta_output como fila por la matriz: suma sobre j
    return delta_output @ w_output * df(f(s_hidden))

def weight_step(delta, inputs, mu):
    return mu * delta.reshape(-1, 1) * inputs.reshape(1, -1)

def _paso(x, target, wh, wo, mu, act, en_orden):
    sh, h, so, _ = forward(x, wh, wo, act)
    do = output_delta(so, target, act)
    wo_nuevo = wo + weight_step(do, h, mu)
    # errata E5: la diapositiva usa los pesos ya actualizados
    dh = hidden_delta(sh, wo_nuevo if en_orden else wo, do, act)
    return wh + weight_step(dh, x, mu), wo_nuevo

def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    return _paso(x, target, w_hidden, w_output, mu, activation, True)

def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    return _paso(x, target, w_hidden, w_output, mu, activation, False)
