"""Linear regression as a class, in the manner of scikit-learn. Complete the two functions and the class."""

import numpy as np


def powers(x, degree):
    """
    The powers of x as columns, without the constant.

    Parameters
    ----------
    x : ndarray of shape (n,)
    degree : int, 1 or more

    Returns
    -------
    X : ndarray of shape (n, degree)
        Column j holds x to the power j + 1.
    """
    return np.stack([x ** (j + 1) for j in range(degree)], axis=1)


def mean_squared_error(y, guessed) -> float:
    """
    The mean of the squared differences.

    Parameters
    ----------
    y, guessed : ndarray of shape (n,)

    Returns
    -------
    error : float

    Raises
    ------
    ValueError
        If y and guessed differ in length.
    """
    if len(y) != len(guessed):
        raise ValueError("y and guessed differ in length")
    return float(np.mean((y - guessed) ** 2))


class LinearRegression:
    """
    y = X w + b, by least squares.

    Parameters
    ----------
    method : {"closed", "descent"}
        Solve exactly, or go downhill from w = 0, b = 0.
    rate : float
        What "descent" multiplies the gradient of the mean squared error by, in each step.
    steps : int
        How many steps "descent" takes.

    Attributes
    ----------
    coef_ : ndarray of shape (d,)
        w, once `fit` was called.
    intercept_ : float
        b, once `fit` was called.
    """

    def __init__(self, method="closed", rate=0.1, steps=500):
        """Keep the settings. Any other method is refused with a ValueError."""
        if method not in ("closed", "descent"):
            raise ValueError(f"unknown method {method!r}")
        self.method = method
        self.rate = rate
        self.steps = steps

    def fit(self, X, y):
        """
        Find w and b for these data; what an earlier `fit` found is forgotten.

        Parameters
        ----------
        X : ndarray of shape (n, d)
        y : ndarray of shape (n,)

        Returns
        -------
        self
        """
        if self.method == "closed":
            center, middle = X.mean(axis=0), y.mean()
            self.coef_ = np.linalg.lstsq(X - center, y - middle, rcond=None)[0]
            self.intercept_ = float(middle - center @ self.coef_)
            return self
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(self.steps):
            error = X @ w + b - y
            w = w - self.rate * 2 / len(y) * (X.T @ error)
            b = b - self.rate * 2 * error.mean()
        self.coef_, self.intercept_ = w, float(b)
        return self

    def predict(self, X):
        """
        What the line says of new data.

        Parameters
        ----------
        X : ndarray of shape (n, d)

        Returns
        -------
        y : ndarray of shape (n,)

        Raises
        ------
        RuntimeError
            If `fit` was not called before.
        """
        if not hasattr(self, "coef_"):
            raise RuntimeError("call fit first")
        return X @ self.coef_ + self.intercept_

    def score(self, X, y):
        """
        R²: 1 minus the squared errors over the squared differences of y from its mean.

        Returns
        -------
        r2 : float
        """
        return float(1 - np.sum((y - self.predict(X)) ** 2) / np.sum((y - y.mean()) ** 2))


if __name__ == "__main__":
    hours = np.array([[1.0], [2.0], [3.0]])
    print(LinearRegression().fit(hours, np.array([2.0, 4.0, 6.5])).coef_)
