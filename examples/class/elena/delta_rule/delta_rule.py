import numpy as np

# float32 like PyTorch
def f32(a):
    return np.asarray(a, dtype=np.float32)


def sgm(s, activation="sigmoid"):
    s = f32(s)
    if activation == "sigmoid":
        e = np.exp(-np.abs(s))
        return np.where(s >= 0, 1 / (1 + e), e / (1 + e))
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError("activation must be sigmoid or tanh")


def sgm_prime(s, activation="sigmoid"):
    y = sgm(s, activation)
    if activation == "tanh":
        return 1 - y * y
    return y - y * y


def forward(x, w_hidden, w_output, activation="sigmoid"):
    a1 = f32(w_hidden) @ f32(x)
    z1 = sgm(a1, activation)
    a2 = f32(w_output) @ z1
    z2 = sgm(a2, activation)
    return a1, z1, a2, z2


def output_delta(s_output, target, activation="sigmoid"):
    if s_output.shape != target.shape:
        raise ValueError(f"{s_output.shape} != {target.shape}")
    return 2 * (f32(target) - sgm(s_output, activation)) * sgm_prime(s_output, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return (f32(w_output).T @ f32(delta_output)) * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return np.float32(mu) * np.outer(f32(delta), f32(inputs))


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    a1, z1, a2, _ = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(a2, target, activation)
    w2 = f32(w_output) + weight_step(d2, z1, mu)
    d1 = hidden_delta(a1, w2, d2, activation)
    w1 = f32(w_hidden) + weight_step(d1, x, mu)
    return w1, w2


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    a1, z1, a2, _ = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(a2, target, activation)
    d1 = hidden_delta(a1, w_output, d2, activation)
    w2 = f32(w_output) + weight_step(d2, z1, mu)
    w1 = f32(w_hidden) + weight_step(d1, x, mu)
    return w1, w2
