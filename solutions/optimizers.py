"""Optimizers: gradient descent, mini-batches, L2 penalty, momentum and Adam (lectures L0, L3 and L4).

An optimizer makes a cost J(theta) small. theta holds the parameters, in an array of any shape; the gradient has the same shape
and holds the derivative of J with respect to each of them. What an optimizer has to remember (velocity, m, v) is passed in and
returned, so that every function depends on its arguments alone and none of them is changed.

Fill in every function but those that are given (`quadratic`, `quadratic_gradient`). Arrays that you return are of floating-point
numbers. Helper functions of your own are welcome.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def gradient_step(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """One step of gradient descent.

        new_theta = theta - rate * gradient

    theta and gradient have the same shape (any), and so has the result.

    Example: theta = (1, 2), gradient = (0.5, -1), rate = 0.1: 1 - 0.1*0.5 = 0.95 and 2 - 0.1*(-1) = 2.1.

    Lecture L0, slide «Gradiente Descendiente», step 4.
    """
    # BEGIN SOLUTION
    return theta - rate * gradient
    # END SOLUTION


def batch_indices(order: NDArray[np.integer], batch_size: int) -> list[NDArray[np.integer]]:
    """Which examples make up each mini-batch of an epoch.

        batch 0: order[0], …, order[batch_size - 1]      batch 1: the next batch_size      …      last batch: what is left

    order is a permutation of the numbers 0 .. N - 1. Returns a list of vectors of whole numbers. Their order is kept; every batch
    has batch_size numbers but the last, which may have fewer (never none). A batch_size above N gives one batch of all.

    Example: order = (3, 0, 4, 1, 2), batch_size = 2: the batches are (3, 0), (4, 1) and (2).

    Raises ValueError when batch_size is below 1.
    Lecture L3, the slides on «baterías (batches en inglés)».
    """
    # BEGIN SOLUTION
    if batch_size < 1:
        raise ValueError(f"a batch has at least one example, not {batch_size}")
    batches = []
    for start in range(0, len(order), batch_size):
        batches.append(order[start : start + batch_size])
    return batches
    # END SOLUTION


def sgd_epoch(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: NDArray[np.integer]) -> Floats:
    """One epoch of mini-batch gradient descent for a linear model.

    The model predicts x · theta = sum over d of x_d * theta_d. Its cost on a batch of m examples is the mean squared error,
    1/m * sum of (x · theta - y)², so that

        gradient_d = 2/m * sum over the m examples of (x · theta - y) * x_d        theta becomes theta - rate * gradient

    for one batch after the other, in the order of `batch_indices(order, batch_size)`. Each batch meets the theta that the batch
    before it left; m is the number of examples that the batch has, in the last one perhaps fewer than batch_size.
    theta has shape (D,), xs (N, D), ys (N,); row n of xs belongs to ys[n]. Returns the new theta, shape (D,).

    Example: theta = (0), xs = ((1), (2)), ys = (1, 4), rate = 0.1, batch_size = 1, order = (1, 0).
    Batch (1): gradient 2/1 * (2*0 - 4)*2 = -16, theta = 0 + 0.1*16 = 1.6. Batch (0): gradient 2*(1*1.6 - 1)*1 = 1.2, theta =
    1.6 - 0.12 = 1.48. With batch_size = 2 there is one step: gradient 2/2 * ((0 - 4)*2 + (0 - 1)*1) = -9, theta = 0.9.

    Raises ValueError when batch_size is below 1.
    Lecture L0, slide «Ajustando los pesos: Gradient descent»; lecture L3, the slides on batches and epochs.
    """
    # BEGIN SOLUTION
    theta = np.array(theta, dtype=float)
    for batch in batch_indices(order, batch_size):
        gradient = np.zeros(len(theta))
        for n in batch:
            error = 0.0
            for d in range(len(theta)):
                error += xs[n, d] * theta[d]
            error -= ys[n]
            for d in range(len(theta)):
                gradient[d] += 2 / len(batch) * error * xs[n, d]
        theta = gradient_step(theta, gradient, rate)
    return theta
    # END SOLUTION


def l2_penalty(weights: Floats, reg: float) -> float:
    """What large weights cost: the L2 penalty.

        penalty = reg/2 * sum of all weights squared

    weights is an array of any shape; the result is one number. The 1/2 is a convention, it makes the gradient simple.

    Example: weights = ((1, -2), (0, 3)), reg = 0.1: 0.1/2 * (1 + 4 + 0 + 9) = 0.7.

    Lecture L4, «Modos de evitar esto», 2: «Hay que regularizar». Formula: Goodfellow, Bengio and Courville, Deep Learning (2016),
    7.1.1.
    """
    # BEGIN SOLUTION
    total = 0.0
    for w in np.ravel(weights):
        total += w**2
    return reg / 2 * total
    # END SOLUTION


def l2_gradient(weights: Floats, reg: float) -> Floats:
    """The derivative of `l2_penalty` with respect to each weight.

        d(reg/2 * sum of w²) / dw = reg * w

    The result has the shape of weights.

    Example: weights = ((1, -2), (0, 3)), reg = 0.1: ((0.1, -0.2), (0, 0.3)).

    Lecture L4, «Modos de evitar esto», 2.
    """
    # BEGIN SOLUTION
    return reg * weights
    # END SOLUTION


def weight_decay_step(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """One step of gradient descent for the cost plus its L2 penalty.

        new_theta = theta - rate * (gradient + reg * theta)

    gradient is that of the cost alone. The penalty makes every weight shrink by the factor 1 - rate * reg in each step, hence the
    name weight decay. All arrays have one shape (any).

    Example: theta = (1, -2), gradient = (0.5, 0.5), rate = 0.1, reg = 0.2:
    1 - 0.1*(0.5 + 0.2*1) = 0.93 and -2 - 0.1*(0.5 + 0.2*(-2)) = -2.01.

    Lecture L4, «Modos de evitar esto», 2; lecture L0, slide «Gradiente Descendiente».
    """
    # BEGIN SOLUTION
    return gradient_step(theta, gradient + l2_gradient(theta, reg), rate)
    # END SOLUTION


def momentum_step(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> tuple[Floats, Floats]:
    """One step with momentum: part of the last step is taken again.

        new_velocity = momentum * velocity - rate * gradient
        new_theta = theta + new_velocity

    velocity is the last step (an array of zeros before the first), momentum a number between 0 and 1. All arrays have one shape
    (any). Returns the tuple (new_theta, new_velocity).

    Example: theta = (1, 2), velocity = (0.2, 0), gradient = (1, -2), rate = 0.1, momentum = 0.9:
    the velocity becomes (0.9*0.2 - 0.1*1, 0.9*0 - 0.1*(-2)) = (0.08, 0.2), theta becomes (1.08, 2.2).

    Equation 9 of Rumelhart, Hinton and Williams (Nature, 1986), the article of lecture L4. Some libraries keep velocity without
    the rate and with the other sign; here it is as in the article.
    """
    # BEGIN SOLUTION
    new_velocity = momentum * velocity - rate * gradient
    return theta + new_velocity, new_velocity
    # END SOLUTION


def adam_step(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Floats, Floats, Floats]:
    """One step of Adam: each parameter has its own length of step.

        new_m = beta1 * m + (1 - beta1) * gradient             running mean of the gradient
        new_v = beta2 * v + (1 - beta2) * gradient²            running mean of its square, element by element
        m_hat = new_m / (1 - beta1^t)                          both means start from 0; this makes up for it
        v_hat = new_v / (1 - beta2^t)
        new_theta = theta - rate * m_hat / (sqrt(v_hat) + epsilon)

    t is the number of this step: 1 for the first. All arrays have one shape (any); v has no negative numbers. Returns the tuple
    (new_theta, new_m, new_v), the means without the correction. Where the gradient has always been 0, theta stays as it is:
    epsilon keeps 0/0 away.

    Example, the first step: theta = (1, 2), gradient = (0.5, -20), m = v = (0, 0), t = 1, rate = 0.1.
    new_m = 0.1 * gradient = (0.05, -2), new_v = 0.001 * gradient² = (0.00025, 0.4); m_hat = (0.05/0.1, -2/0.1) = (0.5, -20),
    v_hat = (0.00025/0.001, 0.4/0.001) = (0.25, 400); new_theta = (1 - 0.1 * 0.5/0.5, 2 - 0.1 * (-20)/20) = (0.9, 2.1). Both
    moved by the rate, however different their gradients.

    Algorithm 1 of Kingma and Ba, Adam: a method for stochastic optimization (ICLR 2015). Lecture L3 names Adam at its end,
    lecture L4 in «Librerías para redes: Keras» (optimizer='adam').
    """
    # BEGIN SOLUTION
    new_m = beta1 * m + (1 - beta1) * gradient
    new_v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = new_m / (1 - beta1**t)
    v_hat = new_v / (1 - beta2**t)
    new_theta = theta - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return new_theta, new_m, new_v
    # END SOLUTION


def quadratic(theta: Floats) -> float:
    """A bowl, ten times steeper in one direction (given): 1/2 * (x² + 10 y²) at theta = (x, y). Its minimum is 0 at (0, 0)."""
    x, y = theta
    return 0.5 * (x**2 + 10 * y**2)


def quadratic_gradient(theta: Floats) -> Floats:
    """The gradient of `quadratic` (given): (x, 10 y)."""
    x, y = theta
    return np.array([x, 10 * y])


def rosenbrock(theta: Floats) -> float:
    """Rosenbrock's valley: narrow, bent, and a classic test of optimizers.

        f(x, y) = (1 - x)² + 100 (y - x²)²        at theta = (x, y)

    The result is one number. Its minimum is 0 at (1, 1).

    Example: theta = (-1.2, 1), where the runs usually start: (1 + 1.2)² + 100 * (1 - 1.44)² = 4.84 + 19.36 = 24.2.

    Rosenbrock, An automatic method for finding the greatest or least value of a function (1960). A surface for lecture L0, slides
    «Optimización de la Loss function».
    """
    # BEGIN SOLUTION
    x, y = theta
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2
    # END SOLUTION


def rosenbrock_gradient(theta: Floats) -> Floats:
    """The gradient of `rosenbrock`, shape (2,).

        df/dx = -2 (1 - x) - 400 x (y - x²)        df/dy = 200 (y - x²)

    Example: theta = (-1.2, 1): df/dx = -2*2.2 - 400*(-1.2)*(-0.44) = -4.4 - 211.2 = -215.6 and df/dy = 200*(-0.44) = -88.

    Lecture L0, slide «Optimización de la Loss function»: «Se calcula el gradiente».
    """
    # BEGIN SOLUTION
    x, y = theta
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
    # END SOLUTION


def minimise(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """A whole run: the way that an optimizer takes from theta.

    function is "quadratic" or "rosenbrock". In each of the steps the gradient is computed where theta is now, and theta moves by

        method "gradient_descent"    gradient_step
        method "momentum"            momentum_step with momentum 0.9, velocity (0, 0) before the first step
        method "adam"                adam_step with its default beta1, beta2 and epsilon; t = 1, 2, …, and m = v = (0, 0) at first

    Returns the path, shape (steps + 1, 2): row 0 is the theta that was given, row k the theta after k steps.

    Example: quadratic, theta = (4, 1), gradient_descent, rate = 0.1, steps = 2. The gradient at (4, 1) is (4, 10), so row 1 is
    (4 - 0.4, 1 - 1) = (3.6, 0); the gradient there is (3.6, 0), so row 2 is (3.24, 0).

    Raises ValueError when the function or the method is unknown.
    Lecture L0, slide «Gradiente Descendiente», the loop of steps 2 to 5.
    """
    # BEGIN SOLUTION
    gradients = {"quadratic": quadratic_gradient, "rosenbrock": rosenbrock_gradient}
    if function not in gradients:
        raise ValueError(f"function must be 'quadratic' or 'rosenbrock', not {function!r}")
    if method not in ("gradient_descent", "momentum", "adam"):
        raise ValueError(f"method must be 'gradient_descent', 'momentum' or 'adam', not {method!r}")
    theta = np.array(theta, dtype=float)
    velocity, m, v = np.zeros(2), np.zeros(2), np.zeros(2)
    path = [theta]
    for t in range(1, steps + 1):
        gradient = gradients[function](theta)
        if method == "gradient_descent":
            theta = gradient_step(theta, gradient, rate)
        elif method == "momentum":
            theta, velocity = momentum_step(theta, velocity, gradient, rate, 0.9)
        else:
            theta, m, v = adam_step(theta, gradient, m, v, t, rate)
        path.append(theta)
    return np.array(path)
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(gradient_step(np.array([1, 2]), np.array([0.5, -1]), 0.1))  # should print [0.95 2.1 ]
