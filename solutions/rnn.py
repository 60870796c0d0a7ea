"""A recurrent network: a cell that remembers, backpropagation through time, and the next value of a series (lecture L4).

The same cell is used at every time step. It reads the input x_t and its own last output h_{t-1}, the *hidden state*:

    h_t = tanh(x_t · Wx + h_{t-1} · Wh + b)

Time steps are counted from 0. The hidden state before step 0 is given; in code it is called `h0`, and the state after step t is h[:, t].

Sizes: N sequences (the batch), T time steps, D numbers in one input, H hidden units, K numbers to predict. Samples are rows, so the
weights stand on the right, and the axes of a batch of sequences are always (sequence, time, number):

    x (N, T, D)    h (N, T, H)    wx (D, H)    wh (H, H)    b (H,)    wy (H, K)    by (K,)

Fill in every function below; `series_loss` is given. Work from one to the next: each needs only those before it. Arguments are
numpy arrays (where it says so, lists of arrays); none of them may be changed. All indices start at 0. Helper functions of your own
are welcome.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def rnn_step(x: Floats, h_prev: Floats, wx: Floats, wh: Floats, b: Floats) -> Floats:
    """One step of the recurrent cell: the new hidden state.

        s = x · wx + h_prev · wh + b        h = tanh(s)

    Here x is the input of one time step only, of shape (N, D); h_prev, the hidden state before it, has shape (N, H); wx is (D, H),
    wh (H, H), b (H,). Returns h of shape (N, H). It is finite for every finite s: at s = 1000 it is 1, at s = -1000 it is -1.

    Example with N = 1, D = 2, H = 2: x = (1, 2), h_prev = (0.5, -1), wx = ((0.5, 1), (-0.5, 0.25)), wh = ((0.4, 0), (0.2, -0.5)),
    b = (0.8, -1). Then s_0 = 1*0.5 + 2*(-0.5) + 0.5*0.4 + (-1)*0.2 + 0.8 = 0.3 and
    s_1 = 1*1 + 2*0.25 + 0.5*0 + (-1)*(-0.5) - 1 = 1, so h = (tanh 0.3, tanh 1) = (0.2913, 0.7616).

    Raises ValueError when x and h_prev have different numbers of rows (also when one of them has a single row, which numpy would
    silently repeat).
    Lecture L4, slide «Recurrent neural network (temporal predictions)»; the formula is that of Elman's network (1990).
    """
    # BEGIN SOLUTION
    if len(x) != len(h_prev):
        raise ValueError(f"x has {len(x)} rows and h_prev has {len(h_prev)}: one hidden state for each sequence is needed")
    s = x @ wx + h_prev @ wh + b
    return np.tanh(s)
    # END SOLUTION


def rnn_forward(x: Floats, h0: Floats, wx: Floats, wh: Floats, b: Floats) -> Floats:
    """The cell over a whole sequence: the hidden states of all time steps.

        h[:, 0] = rnn_step(x[:, 0], h0, …)    h[:, 1] = rnn_step(x[:, 1], h[:, 0], …)    h[:, 2] = rnn_step(x[:, 2], h[:, 1], …)    …

    x has shape (N, T, D), x[:, t] is the input of time step t. h0 is the hidden state before step 0, of shape (N, H).
    Returns h of shape (N, T, H) with h[:, t] the state after step t (h0 itself is not in it).

    Example with N = D = H = 1: x = 1, 0, -1 in time, h0 = 1, wx = 0.5, wh = 1, b = 0. Then, with h[:, t] written as h[t],
    h[0] = tanh(1*0.5 + 1*1) = 0.9051, h[1] = tanh(0*0.5 + 0.9051*1) = 0.7188, h[2] = tanh(-1*0.5 + 0.7188*1) = 0.2154.

    Raises ValueError when x and h0 have different numbers of sequences.
    Lecture L4, slide «Recurrent neural network (temporal predictions)».
    """
    # BEGIN SOLUTION
    steps = x.shape[1]
    h = []
    state = h0
    for t in range(steps):
        state = rnn_step(x[:, t], state, wx, wh, b)
        h.append(state)
    return np.stack(h, axis=1)
    # END SOLUTION


def rnn_step_backward(
    dh: Floats, x: Floats, h_prev: Floats, wx: Floats, wh: Floats, b: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """The backward pass of one step: gradients of everything that went into the cell.

    dh, of shape (N, H), is the gradient of the loss with respect to h = rnn_step(x, h_prev, wx, wh, b); the other arguments are
    those of rnn_step. With h computed again and tanh'(s) = 1 - tanh(s)^2 = 1 - h^2:

        ds      = dh * (1 - h^2)        element by element, (N, H)
        dx      = ds · wxᵀ              (N, D)
        dh_prev = ds · whᵀ              (N, H)
        dwx     = xᵀ · ds               (D, H)        the matrix products add up over the N samples
        dwh     = h_prevᵀ · ds          (H, H)
        db      = sum of ds over n      (H,)

    Returns the tuple (dx, dh_prev, dwx, dwh, db). Nothing is divided by N: whether the loss is a mean is already inside dh.

    Example with N = D = H = 1: x = 2, h_prev = -1, wx = 0.5, wh = 0.25, b = -0.25, dh = 1. Then s = 2*0.5 + (-1)*0.25 - 0.25 = 0.5,
    h = 0.4621, ds = 1*(1 - 0.4621^2) = 0.7864; dx = 0.7864*0.5 = 0.3932, dh_prev = 0.7864*0.25 = 0.1966, dwx = 2*0.7864 = 1.5729,
    dwh = (-1)*0.7864 = -0.7864, db = 0.7864.

    Lecture L4, slide «How does it actually work?» (the chain rule) for the cell of «Recurrent neural network (temporal predictions)».
    """
    # BEGIN SOLUTION
    h = rnn_step(x, h_prev, wx, wh, b)
    ds = dh * (1 - h**2)
    dx = ds @ wx.T
    dh_prev = ds @ wh.T
    dwx = x.T @ ds
    dwh = h_prev.T @ ds
    db = ds.sum(axis=0)
    return dx, dh_prev, dwx, dwh, db
    # END SOLUTION


def rnn_backward(
    dh: Floats, x: Floats, h0: Floats, wx: Floats, wh: Floats, b: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Backpropagation through time: gradients of a whole sequence.

    dh, of shape (N, T, H), says for every time step how the loss depends on h[:, t] *directly*; the other arguments are those of
    rnn_forward. But h[:, t] also goes into step t + 1. So time runs backwards, from the last step to the first, with a gradient that is
    carried from each step to the one before it:

        carried = 0                                                       (N, H), before the last step
        for t = T-1, …, 1, 0:
            backward pass of step t with the upstream gradient dh[:, t] + carried
                → dx[:, t], the new carried (= its dh_prev), and parts of dwx, dwh and db
        dwx, dwh and db are the sums of these parts over all t: every step used the same weights
        dh0 = carried after step 0

    The state before step t is h[:, t-1], and h0 before step 0. Returns the tuple (dx, dh0, dwx, dwh, db) with the shapes
    (N, T, D), (N, H), (D, H), (H, H), (H,).

    Example with N = D = H = 1: x = 1, 0 in time, h0 = 1, wx = 0.5, wh = 1, b = 0, and only the last state counts: dh = 0, 1.
    Forward, with h[:, t] written as h[t], h[0] = tanh(1*0.5 + 1*1) = 0.9051 and h[1] = tanh(0*0.5 + 0.9051*1) = 0.7188.
    Backward, ds_1 = (1 + 0)*(1 - 0.7188^2) = 0.4833; carried is 0.4833*1; ds_0 = (0 + 0.4833)*(1 - 0.9051^2) = 0.0873. So
    dx = (0.0873*0.5, 0.4833*0.5) = (0.0437, 0.2417), dh0 = 0.0873*1, dwx = 1*0.0873 + 0*0.4833 = 0.0873,
    dwh = 1*0.0873 + 0.9051*0.4833 = 0.5248, db = 0.0873 + 0.4833 = 0.5707 (rounded at the end, as everywhere here).

    Lecture L4, slide «How does it actually work?» (the chain rule) for «Recurrent neural network (temporal predictions)»; the
    method is Werbos' «backpropagation through time» (1990).
    """
    # BEGIN SOLUTION
    steps = x.shape[1]
    h = rnn_forward(x, h0, wx, wh, b)
    dx = np.zeros(x.shape)
    dwx, dwh, db = np.zeros(wx.shape), np.zeros(wh.shape), np.zeros(b.shape)
    carried = np.zeros(h0.shape)
    for t in reversed(range(steps)):
        h_prev = h[:, t - 1] if t > 0 else h0
        dx[:, t], carried, dwx_t, dwh_t, db_t = rnn_step_backward(dh[:, t] + carried, x[:, t], h_prev, wx, wh, b)
        dwx += dwx_t
        dwh += dwh_t
        db += db_t
    return dx, carried, dwx, dwh, db
    # END SOLUTION


def clip_by_norm(gradients: list[Floats], limit: float) -> list[Floats]:
    """Gradient clipping: gradients that are too long are shortened, all by the same factor.

    Through many time steps a gradient may explode. With the length (norm) of all gradients taken together,

        norm = sqrt(sum of the squares of all numbers of all arrays)

    the result is each gradient times limit / norm when norm > limit, and each gradient as it is otherwise. So the direction stays.

    gradients is a list of arrays of any shapes; returns a new list of as many arrays of the same shapes. Gradients that are all 0
    come back as 0, without a division by 0.

    Example: gradients (3, 0) and (0, -4), limit 1: norm = sqrt(9 + 0 + 0 + 16) = 5, factor 1/5; result (0.6, 0) and (0, -0.8).
    With limit 10 they come back as they are.

    Raises ValueError when limit is not above 0.
    Pascanu, Mikolov and Bengio, «On the difficulty of training recurrent neural networks» (2013); for the network of lecture L4,
    slide «Recurrent neural network (temporal predictions)».
    """
    # BEGIN SOLUTION
    if not limit > 0:
        raise ValueError(f"limit must be above 0, not {limit}")
    squares = 0.0
    for gradient in gradients:
        squares += np.sum(gradient**2)
    norm = np.sqrt(squares)
    factor = limit / norm if norm > limit else 1.0
    return [gradient * factor for gradient in gradients]
    # END SOLUTION


def windows(series: Floats, length: int) -> tuple[Floats, Floats]:
    """The windows of a series, each with the value that comes next.

        x[m, t, 0] = series[m + t]        for t = 0, …, length - 1
        y[m, 0]    = series[m + length]   for m = 0, …, M - 1 with M = len(series) - length

    series has shape (S,). Returns the tuple (x, y) of the shapes (M, length, 1) and (M, 1): M sequences with one number a time step,
    as rnn_forward takes them, and one number to predict for each. Windows overlap: each starts one value after the one before it.

    Example: series = 1, 2, 4, 8, 16, length 3: M = 5 - 3 = 2; x holds the windows (1, 2, 4) and (2, 4, 8), y is (8, 16).

    Raises ValueError when length is below 1, or when there is no value after the first window (length ≥ S).
    Lecture L4, slide «Recurrent neural network (temporal predictions)».
    """
    # BEGIN SOLUTION
    count = len(series) - length
    if length < 1 or count < 1:
        raise ValueError(f"windows of {length} with a next value do not fit into a series of {len(series)}")
    x = np.zeros((count, length, 1))
    y = np.zeros((count, 1))
    for m in range(count):
        x[m, :, 0] = series[m : m + length]
        y[m, 0] = series[m + length]
    return x, y
    # END SOLUTION


def predict(x: Floats, wx: Floats, wh: Floats, b: Floats, wy: Floats, by: Floats) -> Floats:
    """The prediction after a sequence: a linear readout of the last hidden state.

        prediction = h_{T-1} · wy + by

    x has shape (N, T, D), wy (H, K), by (K,); the result has shape (N, K). The hidden state starts at 0 (h0 is all zeros). There is
    no activation after the readout: a series may take any value.

    Example with N = D = H = K = 1: x = 1, 0 in time, wx = 0.5, wh = 1, b = 0, wy = 2, by = 0.1. The states are 0.4621 and 0.4318
    (see rnn_backward); the prediction is 0.4318*2 + 0.1 = 0.9636.

    Lecture L4, slides «Recurrent neural network (temporal predictions)» and «Escenario 3: Regresión» (linear activation).
    """
    # BEGIN SOLUTION
    h0 = np.zeros((x.shape[0], wh.shape[0]))
    h = rnn_forward(x, h0, wx, wh, b)
    return h[:, -1] @ wy + by
    # END SOLUTION


def series_loss(x: Floats, y: Floats, wx: Floats, wh: Floats, b: Floats, wy: Floats, by: Floats) -> float:
    """The mean squared error of the predictions (given): the mean over all N·K numbers of (prediction - y)^2.

    Lecture L4, slide «Escenario 3: Regresión».
    """
    return float(np.mean((predict(x, wx, wh, b, wy, by) - y) ** 2))


def series_gradients(
    x: Floats, y: Floats, wx: Floats, wh: Floats, b: Floats, wy: Floats, by: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """The gradients of the mean squared error with respect to all weights.

        loss        = sum over n and k of (prediction - y)^2 / (N*K)        as in series_loss; y has shape (N, K)
        dprediction = 2 (prediction - y) / (N*K)                            (N, K)
        dwy         = h_{T-1}ᵀ · dprediction                                (H, K)
        dby         = sum of dprediction over n                             (K,)
        dh          = 0 at every time step but the last; there it is dprediction · wyᵀ

    and dh goes back through time with rnn_backward. Returns the tuple (dwx, dwh, db, dwy, dby).

    Example with N = D = H = K = 1: the network of predict, x = 1, 0, y = 0.5. The prediction is 0.9636, dprediction =
    2*(0.9636 - 0.5)/1 = 0.9272; dwy = 0.4318*0.9272 = 0.4004, dby = 0.9272; dh = 0, 0.9272*2 = 1.8545, which is 1.8545 times
    the dh of the example of rnn_backward: dwx = 1.8545*0.6398 = 1.1865, dwh = 1.8545*0.3760 = 0.6972, db = 1.8545*1.4533 = 2.6952.

    Lecture L4, slide «Escenario 3: Regresión» for the loss, «How does it actually work?» for the chain rule.
    """
    # BEGIN SOLUTION
    h0 = np.zeros((x.shape[0], wh.shape[0]))
    h = rnn_forward(x, h0, wx, wh, b)
    prediction = h[:, -1] @ wy + by
    dprediction = 2 * (prediction - y) / prediction.size
    dwy = h[:, -1].T @ dprediction
    dby = dprediction.sum(axis=0)
    dh = np.zeros(h.shape)
    dh[:, -1] = dprediction @ wy.T
    _, _, dwx, dwh, db = rnn_backward(dh, x, h0, wx, wh, b)
    return dwx, dwh, db, dwy, dby
    # END SOLUTION


def train(
    x: Floats, y: Floats, weights: list[Floats], rate: float, epochs: int, limit: float
) -> tuple[list[Floats], NDArray[np.floating]]:
    """Train by gradient descent: every epoch is one step with the gradient of all sequences.

    weights is the list [wx, wh, b, wy, by]; x has shape (N, T, D), y (N, K). In each of the `epochs` epochs:

    1. write down series_loss(x, y, wx, wh, b, wy, by) with the weights as they are now;
    2. all five gradients, clipped together: clip_by_norm([dwx, dwh, db, dwy, dby], limit);
    3. each new weight = weight - rate * clipped gradient.

    Returns the tuple (new_weights, losses): a list of five new arrays in the order of `weights`, and an array of shape (epochs,)
    with the loss at the start of each epoch. The arrays in `weights` stay as they are. With epochs = 0 the new weights equal the
    old ones and losses is empty.

    Example: the network and the gradients of series_gradients, rate 0.1, one epoch, limit 100 (nothing is clipped): losses is
    ((0.9636 - 0.5)^2) = (0.2149), the new wx is 0.5 - 0.1*1.1865 = 0.3813, the new by 0.1 - 0.1*0.9272 = 0.0073.

    Lecture L4, slide «How does it actually work?», ΔW = -η ∂E/∂W.
    """
    # BEGIN SOLUTION
    new_weights = [weight.copy() for weight in weights]
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        losses[epoch] = series_loss(x, y, *new_weights)
        gradients = clip_by_norm(list(series_gradients(x, y, *new_weights)), limit)
        for i in range(len(new_weights)):
            new_weights[i] = new_weights[i] - rate * gradients[i]
    return new_weights, losses
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    x, h_prev, b = np.array([[1, 2]]), np.array([[0.5, -1]]), np.array([0.8, -1])
    wx, wh = np.array([[0.5, 1], [-0.5, 0.25]]), np.array([[0.4, 0], [0.2, -0.5]])
    print(rnn_step(x, h_prev, wx, wh, b).round(4))  # should print [[0.2913 0.7616]]
