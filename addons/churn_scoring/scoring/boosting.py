"""Gradient boosted trees, trained by scikit-learn where it is installed.

It is imported only to train.  What was trained is kept as :class:`.trees.Trees`, which
need it no more.
"""

import numpy as np

from .fitting import sample_rows
from .trees import MASK_BITS, Trees, find_raw, predict

__all__ = [
    "ScikitLearnMissing",
    "Trees",
    "export",
    "find_raw",
    "fit_churn",
    "fit_spend",
    "is_available",
    "predict",
]

# rows below which trees are no trees
_FEWEST = 40
SETTINGS = {
    "learning_rate": 0.06,
    "max_iter": 120,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 20,
    "l2_regularization": 1.0,
    "early_stopping": False,
}


class ScikitLearnMissing(ImportError):
    """Training needs scikit-learn, which is not installed."""


def is_available() -> bool:
    """Whether scikit-learn is there to train."""
    try:
        _import_ensemble()
    except ScikitLearnMissing:
        return False
    return True


def fit_churn(
    design: np.ndarray,
    outcome: np.ndarray,
    sample: int | None = 200_000,
    seed: int = 0,
) -> Trees:
    """Trees for a probability, by log-loss.

    :param design: floats, shape (n, k)
    :param outcome: 0 or 1, shape (n,)
    :param sample: rows to draw if there are more; all if None
    :raise ScikitLearnMissing: where it is not installed
    """
    ensemble = _import_ensemble()
    chosen = sample_rows(len(design), sample, seed)
    design, outcome = design[chosen], np.asarray(outcome)[chosen].astype(int)
    ones, count = int(outcome.sum()), len(outcome)
    if count < _FEWEST or ones in (0, count):
        odds = (ones + 0.5) / (count - ones + 0.5)
        return _make_stump("logistic", design.shape[1], np.log(odds))
    model = ensemble.HistGradientBoostingClassifier(random_state=seed, **SETTINGS)
    return export(_fit(model, design, outcome))


def fit_spend(
    design: np.ndarray,
    spend: np.ndarray,
    winsorise: float | None = 0.995,
    sample: int | None = 200_000,
    seed: int = 0,
) -> Trees:
    """Trees for a mean, by Poisson deviance.

    :param spend: finite, shape (n,); below 0 counts as 0
    :param winsorise: spend above this quantile of those above 0 counts as the
        quantile, and all predictions are raised so that their sum stays right
    """
    ensemble = _import_ensemble()
    chosen = sample_rows(len(design), sample, seed)
    design = design[chosen]
    spend = np.maximum(np.asarray(spend, float)[chosen], 0.0)
    positive = spend[spend > 0]
    total = float(positive.sum())
    if len(spend) < _FEWEST or not total:
        mean = total / max(len(spend), 1)
        # a mean of 0 has no logarithm
        return _make_stump("poisson", design.shape[1], np.log(max(mean, 1e-9)))
    capped = spend
    if winsorise is not None:
        capped = np.minimum(spend, np.quantile(positive, winsorise))
    mean = float(capped.mean())
    model = ensemble.HistGradientBoostingRegressor(
        loss="poisson", random_state=seed, **SETTINGS
    )
    return export(_fit(model, design, capped / mean), raise_by=total / len(spend))


def export(model, raise_by: float = 1.0) -> Trees:
    """The arrays of a fitted HistGradientBoosting model of numbers.

    :param model: classifier of two classes, or regressor with the Poisson loss
    :param raise_by: what its means are multiplied with
    :raise ValueError: for another model, or one whose trees are too large
    """
    is_classifier = hasattr(model, "predict_proba")
    if not is_classifier and model.loss != "poisson":
        raise ValueError(f"There is no way to export the loss {model.loss!r}.")
    splits, values = [], []
    for number, group in enumerate(model._predictors):
        if len(group) != 1:
            raise ValueError("There is no way to export more than two classes.")
        own_splits, own_values = _export_tree(group[0].nodes, number)
        splits += own_splits
        values.append(own_values)
    leaves = max(map(len, values), default=1)
    if leaves > MASK_BITS:
        raise ValueError(f"Trees may have {MASK_BITS} leaves, not {leaves}.")
    table = np.zeros((len(values), leaves))
    for row, own_values in zip(table, values, strict=True):
        row[: len(own_values)] = own_values
    columns = list(zip(*splits, strict=True)) or [()] * 5
    return Trees(
        kind="logistic" if is_classifier else "poisson",
        inputs=int(model.n_features_in_),
        baseline=float(np.ravel(model._baseline_prediction)[0] + np.log(raise_by)),
        tree=np.array(columns[0], dtype=np.int32),
        feature=np.array(columns[1], dtype=np.int32),
        threshold=np.array(columns[2], dtype=float),
        missing_left=np.array(columns[3], dtype=bool),
        mask=np.array(columns[4], dtype=np.uint16),
        values=table,
    )


def _export_tree(nodes, number):
    """Splits as (tree, feature, threshold, missing left, mask), values of leaves."""
    if nodes["is_categorical"].any():
        raise ValueError("There is no way to export categories.")
    splits, values = [], []

    def walk(position):
        node = nodes[position]
        if node["is_leaf"]:
            values.append(float(node["value"]))
            return
        first = len(values)
        walk(int(node["left"]))
        struck = (1 << len(values)) - (1 << first)
        walk(int(node["right"]))
        mask = ((1 << MASK_BITS) - 1) & ~struck
        splits.append(
            (
                number,
                int(node["feature_idx"]),
                float(node["num_threshold"]),
                bool(node["missing_go_to_left"]),
                mask,
            )
        )

    walk(0)
    return splits, values


def _make_stump(kind, inputs, baseline):
    """No tree at all: everybody is the average."""
    none = np.zeros(0)
    return Trees(
        kind=kind,
        inputs=inputs,
        baseline=float(baseline),
        tree=none.astype(np.int32),
        feature=none.astype(np.int32),
        threshold=none,
        missing_left=none.astype(bool),
        mask=none.astype(np.uint16),
        values=np.zeros((0, 1)),
    )


def _fit(model, design, wanted):
    """Fit in one thread.

    The other cores are those of other workers; and on a busy machine the threads of
    OpenMP wait for each other a hundred times longer than they work.
    """
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    with threadpool_limits(1, user_api="openmp"):
        return model.fit(design, wanted)


def _import_ensemble():
    try:
        from sklearn import ensemble
    except ImportError as error:
        raise ScikitLearnMissing(
            "Boosted trees are trained with scikit-learn, which is not installed: "
            "install the Python package scikit-learn, or go on without them."
        ) from error
    return ensemble
