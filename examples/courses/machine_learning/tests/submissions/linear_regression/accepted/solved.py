"""The normal equations, in one vector."""

import numpy as np


def powers(x, degree):
    columns = [x]
    while len(columns) < degree:
        columns.append(columns[-1] * x)
    return np.column_stack(columns)


def mean_squared_error(y, guessed):
    if y.shape != guessed.shape:
        raise ValueError(f"{y.shape} and {guessed.shape}")
    return np.square(y - guessed).mean()


class LinearRegression:
    def __init__(self, method="closed", rate=0.1, steps=500):
        if method == "closed":
            self._find = self._solve
        elif method == "descent":
            self._find = self._walk
        else:
            raise ValueError(method)
        self.fitted = False
        self.rate = rate
        self.steps = steps

    def _solve(self, A, y):
        return np.linalg.solve(A.T @ A, A.T @ y)

    def _walk(self, A, y):
        theta = np.zeros(A.shape[1])
        for _ in range(self.steps):
            gradient = sum(2 * (row @ theta - target) * row for row, target in zip(A, y)) / len(y)
            theta -= self.rate * gradient
        return theta

    def fit(self, X, y):
        theta = self._find(np.c_[X, np.ones(len(X))], y)
        self.coef_, self.intercept_ = theta[:-1], theta[-1]
        self.fitted = True
        return self

    def predict(self, X):
        if not self.fitted:
            raise RuntimeError("not fitted")
        return np.array([self.intercept_ + np.dot(self.coef_, row) for row in X])

    def score(self, X, y):
        return 1 - mean_squared_error(y, self.predict(X)) / np.var(y)
