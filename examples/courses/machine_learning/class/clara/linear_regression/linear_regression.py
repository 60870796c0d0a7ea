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
    raise NotImplementedError("powers: The powers of x as columns, without the constant.")


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
    raise NotImplementedError("mean_squared_error: The mean of the squared differences.")


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
        raise NotImplementedError("LinearRegression.__init__: Keep the settings. Any other method is refused with a ValueError.")

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
        raise NotImplementedError("LinearRegression.fit: Find w and b for these data; what an earlier `fit` found is forgotten.")

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
        raise NotImplementedError("LinearRegression.predict: What the line says of new data.")

    def score(self, X, y):
        """
        R²: 1 minus the squared errors over the squared differences of y from its mean.

        Returns
        -------
        r2 : float
        """
        raise NotImplementedError(
            "LinearRegression.score: R²: 1 minus the squared errors over the squared differences of y from its mean."
        )


if __name__ == "__main__":
    hours = np.array([[1.0], [2.0], [3.0]])
    print(LinearRegression().fit(hours, np.array([2.0, 4.0, 6.5])).coef_)
