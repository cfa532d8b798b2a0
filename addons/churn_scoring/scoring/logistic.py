"""Ridge logistic regression on a few inputs."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from .customers import Customers
from .fitting import dot, sample_rows

FEATURES2 = ("log_recency", "log_orders")

# Pull of the intercept to 0, as of a hundredth of a customer: it stays finite where
# everybody left, or nobody, and moves nothing else.
_INTERCEPT_PENALTY = 0.01
_STEPS = 100
_HALVINGS = 30
# gain per row that is none
_FLAT = 1e-12


@dataclass(frozen=True)
class LogisticParams:
    """A fitted regression: logit P = w0 + sum of w_j (x_j - mean_j) / scale_j.

    :param names: of the inputs, k of them
    :param mean: shape (k,)
    :param scale: standard deviations, shape (k,); 1 where an input is constant
    :param weights: shape (k + 1,), the intercept first
    :param converged: whether the search arrived
    """

    names: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    converged: bool = True


def features2(customers: Customers) -> np.ndarray:
    """log(1 + days since the last order), log(order days); shape (n, 2)."""
    return np.column_stack(
        [np.log1p(customers.recency_days), np.log(customers.orders.astype(float))]
    )


def fit(
    design: np.ndarray,
    outcome: np.ndarray,
    names: tuple[str, ...],
    penalty: float = 1.0,
    weights: np.ndarray | None = None,
    sample: int | None = 200_000,
    seed: int = 0,
) -> LogisticParams:
    """The weights that maximise log-likelihood - penalty / 2 * sum of w_j^2, j > 0.

    Inputs are standardised first, so the penalty means the same for each of them: that
    of a normal prior with variance 1 / penalty on the effect of a standard deviation.
    It keeps separable data finite. Newton's method (iteratively reweighted least
    squares) with steps halved while they do not improve.

    :param design: finite floats, shape (n, k)
    :param outcome: 0 or 1, shape (n,)
    :param weights: of the rows, shape (n,); 1 each if not given
    :param sample: rows to draw if there are more; all if None
    :param seed: of the draw
    """
    chosen = sample_rows(len(design), sample, seed)
    design, outcome = design[chosen], np.asarray(outcome, float)[chosen]
    rows = np.ones(len(design)) if weights is None else weights[chosen].astype(float)
    mean, scale = _standardise(design, rows)
    problem = _Problem((design - mean) / scale, outcome, rows, penalty)
    point = np.zeros(design.shape[1] + 1)
    converged = False
    for _ in range(_STEPS):
        step, gain = problem.find_step(point)
        if gain <= _FLAT * max(1.0, rows.sum()):
            converged = True
            break
        point, better = problem.go(point, step)
        if not better:
            converged = True  # rounding hides what is left to gain
            break
    return LogisticParams(tuple(names), mean, scale, point, converged)


class _Problem:
    """The penalised loss; inputs by rows, the constant first: shape (k + 1, n).

    By einsum, not BLAS, for the reason told at :func:`.fitting.dot`.
    """

    def __init__(self, inputs, outcome, rows, penalty):
        self.inputs = np.ones((inputs.shape[1] + 1, len(inputs)))
        self.inputs[1:] = inputs.T
        self.outcome, self.rows = outcome, rows
        self.ridge = np.full(len(self.inputs), float(penalty))
        self.ridge[0] = _INTERCEPT_PENALTY

    def find_linear(self, point):
        return np.einsum("in,i->n", self.inputs, point)

    def find_loss(self, point):
        linear = self.find_linear(point)
        loss = dot(self.rows, np.logaddexp(0, linear) - self.outcome * linear)
        return loss + 0.5 * dot(self.ridge, point**2)

    def find_step(self, point):
        """Newton's step, and twice what it promises to take off the loss."""
        chance = expit(self.find_linear(point))
        slope = np.einsum("in,n->i", self.inputs, self.rows * (chance - self.outcome))
        slope += self.ridge * point
        weighted = self.inputs * (self.rows * chance * (1 - chance))
        curve = np.einsum("in,jn->ij", self.inputs, weighted) + np.diag(self.ridge)
        step = np.linalg.solve(curve, slope)
        return step, dot(slope, step)

    def go(self, point, step):
        """Where the step, or a part of it, leads; and whether that is better."""
        loss = self.find_loss(point)
        for _ in range(_HALVINGS):
            if self.find_loss(point - step) < loss:
                return point - step, True
            step = step / 2
        return point, False


def find_logit(params: LogisticParams, design: np.ndarray) -> np.ndarray:
    """log(P / (1 - P)) of each row, shape (n,)."""
    effects = params.weights[1:] / params.scale
    return params.weights[0] + np.einsum("nj,j->n", design - params.mean, effects)


def predict(params: LogisticParams, design: np.ndarray) -> np.ndarray:
    """P of each row, shape (n,)."""
    return expit(find_logit(params, design))


def _standardise(design, rows):
    total = rows.sum()
    if not total:
        return np.zeros(design.shape[1]), np.ones(design.shape[1])
    mean = np.einsum("n,nj->j", rows, design) / total
    scale = np.sqrt(np.einsum("n,nj->j", rows, (design - mean) ** 2) / total)
    # rounding leaves a trace of deviation in constant inputs
    return mean, np.where(scale > 1e-9 * (1 + np.abs(mean)), scale, 1.0)
