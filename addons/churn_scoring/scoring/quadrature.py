"""Gauss-Jacobi quadrature for Beta distributions."""

import numpy as np


def find_beta_nodes(
    a: float, b: np.ndarray, points: int = 20
) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights such that E f(p) = sum of weights * f(points).

    Exact for polynomials up to degree 2 * points - 1.  Golub and Welsch (1969), with
    the recurrence of the Jacobi polynomials moved to [0, 1]; the eigenvectors give
    the weights, so that no Gamma function can overflow.

    :param a: first parameter of Beta(a, b), above 0
    :param b: second one, above 0, shape (n,)
    :return: two arrays of shape (n, points)

    >>> p, w = find_beta_nodes(2.0, np.array([3.0]))
    >>> round(float((w * p).sum()), 12), round(float((w * p**2).sum()), 12)
    (0.4, 0.2)
    """
    b = np.asarray(b, dtype=float)[:, None]
    k = np.arange(1, points)
    # exponents of the weight p^low (1-p)^high
    low, high = a - 1.0, b - 1.0
    s = low + high
    matrix = np.zeros((len(b), points, points))
    rows = np.arange(points)
    matrix[:, 0, 0] = a / (a + b[:, 0])
    matrix[:, rows[1:], rows[1:]] = (2 * k * (k + s + 1) + s * a) / (
        (2 * k + s) * (2 * k + s + 2)
    )
    # square of the next to the diagonal; its first one is the variance
    j = k[1:]
    square = np.empty((len(b), points - 1))
    square[:, 0] = a * b[:, 0] / ((a + b[:, 0]) ** 2 * (a + b[:, 0] + 1))
    square[:, 1:] = (j * (j + low) * (j + high) * (j + s)) / (
        (2 * j + s) ** 2 * (2 * j + s + 1) * (2 * j + s - 1)
    )
    beside = np.sqrt(square)
    matrix[:, rows[1:], rows[:-1]] = beside
    matrix[:, rows[:-1], rows[1:]] = beside
    nodes, vectors = np.linalg.eigh(matrix)
    # rounding may put the first one a hair below 0
    return np.clip(nodes, 1e-12, 1.0), vectors[:, 0, :] ** 2
