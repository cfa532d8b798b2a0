"""Boosted trees as plain arrays: stored without pickle, evaluated with numpy.

Reading them runs no code, and scores come out the same wherever scikit-learn is
missing or of another version.

A tree is evaluated by masks of leaves instead of walking down: every split that sends
a row to the right strikes out the leaves of its left side, and the first leaf that
remains is that of the row (QuickScorer, Lucchese et al. 2015).
"""

import io
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import expit

# leaves that a mask has room for
MASK_BITS = 16
# rows evaluated together: their masks stay in the processor's cache
_BLOCK = 50_000


@dataclass(frozen=True)
class Trees:
    """Boosted trees; splits of a tree lie together, trees in the order of training.

    :param kind: ``logistic`` (a probability) or ``poisson`` (a mean above 0)
    :param inputs: number of inputs
    :param baseline: log odds or logarithm before the first tree
    :param tree: tree of each split, int32 of shape (s,), ascending
    :param feature: input that it looks at, int32 of shape (s,)
    :param threshold: up to this value a row goes left, float64 of shape (s,)
    :param missing_left: whether NaN goes left, bool of shape (s,)
    :param mask: leaves that stay when a row goes right, uint16 of shape (s,)
    :param values: of the leaves, left to right, float64 of shape (trees, leaves)
    """

    kind: str
    inputs: int
    baseline: float
    tree: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    missing_left: np.ndarray
    mask: np.ndarray
    values: np.ndarray

    def to_bytes(self) -> bytes:
        """As a compressed npz file."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, **{item.name: getattr(self, item.name) for item in fields(self)}
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Trees":
        """From such a file.

        :raise ValueError: if it holds anything else, as Python objects
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                found = {item.name: file[item.name] for item in fields(cls)}
        except Exception as error:
            raise ValueError(f"These are no stored trees: {error}") from error
        found["kind"] = str(found["kind"])
        found["inputs"] = int(found["inputs"])
        found["baseline"] = float(found["baseline"])
        return cls(**found)


def predict(trees: Trees, design: np.ndarray) -> np.ndarray:
    """Probability, or mean, of each row; shape (n,).

    :raise ValueError: if the design has another number of inputs
    """
    raw = find_raw(trees, design)
    if trees.kind == "logistic":
        return expit(raw, out=raw)
    return np.exp(raw, out=raw)


def find_raw(trees: Trees, design: np.ndarray) -> np.ndarray:
    """Log odds, or logarithm of the mean, of each row; shape (n,)."""
    design = np.asarray(design, float)
    if design.ndim != 2 or design.shape[1] != trees.inputs:
        raise ValueError(
            f"These trees look at {trees.inputs} inputs; the design's shape is "
            f"{design.shape}."
        )
    found = np.empty(len(design))
    evaluator = _Evaluator(trees)
    for begin in range(0, len(design), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        found[part] = evaluator.add_up(design[part])
    return found


class _Evaluator:
    """The trees, their thresholds replaced by positions among those of the input."""

    def __init__(self, trees):
        self.baseline, self.values = trees.baseline, trees.values
        self.levels = [
            np.unique(trees.threshold[trees.feature == feature])
            for feature in range(trees.inputs)
        ]
        self.position = np.zeros(len(trees.feature), dtype=np.int64)
        for feature, levels in enumerate(self.levels):
            own = trees.feature == feature
            self.position[own] = np.searchsorted(levels, trees.threshold[own])
        self.splits = [[] for _ in trees.values]
        for number, *split in zip(
            trees.tree.tolist(),
            trees.feature.tolist(),
            self.position.tolist(),
            trees.missing_left.tolist(),
            trees.mask,
            strict=True,
        ):
            self.splits[number].append(split)
        # leaf of each mask: its lowest bit
        leaves = trees.values.shape[1]
        self.dtype = np.uint8 if leaves <= 8 else np.uint16
        masks = np.arange(2 ** (8 if leaves <= 8 else MASK_BITS), dtype=np.int64)
        lowest = np.maximum(masks & -masks, 1)
        self.leaf = np.minimum(np.log2(lowest).astype(np.intp), leaves - 1)

    def add_up(self, design):
        total = np.full(len(design), self.baseline)
        codes, missing = self._encode(design)
        everything = self.dtype(np.iinfo(self.dtype).max)
        for splits, values in zip(self.splits, self.values, strict=True):
            left = np.full(len(design), everything)
            for feature, position, missing_left, mask in splits:
                goes_right = codes[feature] > position
                if missing_left and missing[feature] is not None:
                    goes_right &= ~missing[feature]
                # everything where it goes left, the mask where it goes right
                left &= everything - goes_right * (everything - self.dtype(mask))
            total += values[self.leaf][left]
        return total

    def _encode(self, design):
        """Number of thresholds below each value, by input; and where it is NaN."""
        codes, missing = [], []
        for column, levels in zip(design.T, self.levels, strict=True):
            kind = np.uint8 if len(levels) < 255 else np.uint16
            # NaN is sorted to the end: behind all thresholds
            codes.append(np.searchsorted(levels, column).astype(kind))
            nan = np.isnan(column)
            missing.append(nan if nan.any() else None)
        return codes, missing
