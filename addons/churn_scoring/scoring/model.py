"""A trained model: what scoring needs, what the model card shows, and its JSON."""

import json
import math
from dataclasses import asdict, dataclass, field, fields

import numpy as np

from .btyd import BtydParams
from .gamma_gamma import GammaGammaParams
from .ladder import METHODS, NO_MODEL
from .logistic import LogisticParams
from .trees import Trees

FORMAT = 1


@dataclass(frozen=True)
class Baseline:
    """The customer in the middle of those who ordered within the last two horizons,
    whom others are explained against.

    :param recency: median days since the last order
    :param orders: median number of order days
    :param age: median days since the first order
    """

    recency: int = 0
    orders: int = 1
    age: int = 0


@dataclass(frozen=True)
class TrainedModel:
    """Everything learned up to the end of a day.

    :param as_of: that day
    :param horizon: days; churn is no order within them
    :param rung: 0 to 3, see ``ladder``
    :param reasons: why it is not a higher one: dicts of code, rung, have, need
    :param vetoes: the same of rungs that were reached and taken away
    :param customers: with at least one order; repeaters: with two or more order days
    :param days: from the first order to ``as_of``
    :param median_gap: days between orders, None where too few are known
    :param base_rate: share of the customers of one horizon ago who did not order
        since; None where there were none
    :param largest_share: of the largest customer in the net revenue, None without any
    :param backtest: see ``training``; {} where none was possible
    :param mbg, gamma_gamma: None only on rung 0
    :param logistic2: on rungs 2 and 3; logistic16, trees: on rung 3
    :param trees_churn, trees_spend: the latter in currency per horizon
    """

    as_of: int
    horizon: int
    rung: int = NO_MODEL
    reasons: list[dict] = field(default_factory=list)
    vetoes: list[dict] = field(default_factory=list)
    customers: int = 0
    repeaters: int = 0
    days: int = 0
    median_gap: float | None = None
    base_rate: float | None = None
    largest_share: float | None = None
    clv_months: int = 12
    discount_rate: float = 0.0
    digits: int = 2
    baseline: Baseline = field(default_factory=Baseline)
    backtest: dict = field(default_factory=dict)
    mbg: BtydParams | None = None
    gamma_gamma: GammaGammaParams | None = None
    logistic2: LogisticParams | None = None
    logistic16: LogisticParams | None = None
    trees_churn: Trees | None = None
    trees_spend: Trees | None = None

    @property
    def method(self) -> str:
        """``rule``, ``mbg``, ``avg2`` or ``avg4``."""
        return METHODS[self.rung]

    @property
    def needs_features(self) -> bool:
        """Whether scoring in full takes the sixteen features."""
        return self.logistic16 is not None

    def to_json(self) -> str:
        """All but the trees, which are bytes (``trees_to_bytes``)."""
        values = {
            item.name: _to_plain(getattr(self, item.name))
            for item in fields(self)
            if not item.name.startswith("trees_")
        }
        return json.dumps({"format": FORMAT, **values}, allow_nan=False)

    def trees_to_bytes(self) -> dict[str, bytes]:
        """``{"churn": ..., "spend": ...}``; {} below rung 3."""
        trees = {"churn": self.trees_churn, "spend": self.trees_spend}
        return {name: tree.to_bytes() for name, tree in trees.items() if tree}

    @classmethod
    def from_json(cls, text: str, trees: dict[str, bytes] | None = None):
        """The model that ``to_json`` and ``trees_to_bytes`` were called on.

        :raises ValueError: if the text is no model, or of a later format
        """
        try:
            values = json.loads(text)
            if values.pop("format") != FORMAT:
                raise ValueError("another format")
            values["baseline"] = Baseline(**values["baseline"])
            for name, make in _PARTS.items():
                values[name] = values[name] and make(values[name])
            for name, data in (trees or {}).items():
                values[f"trees_{name}"] = Trees.from_bytes(data)
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no trained model: {error!r}") from error


def _to_plain(value):
    if hasattr(value, "__dataclass_fields__"):
        return {name: _to_plain(item) for name, item in asdict(value).items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return value


def _make_logistic(values):
    arrays = {
        name: np.array(values[name], dtype=float)
        for name in ("mean", "scale", "weights")
    }
    return LogisticParams(**{**values, **arrays, "names": tuple(values["names"])})


_PARTS = {
    "mbg": lambda values: BtydParams(**values),
    "gamma_gamma": lambda values: GammaGammaParams(**values),
    "logistic2": _make_logistic,
    "logistic16": _make_logistic,
}


def is_finite(value) -> bool:
    """Whether no number in it is NaN or infinite.

    >>> is_finite({"a": [1.0, 2]}), is_finite([float("nan")])
    (True, False)
    """
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_finite, value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "fc" or bool(np.isfinite(value).all())
    if isinstance(value, float):
        return math.isfinite(value)
    if hasattr(value, "__dataclass_fields__"):
        return is_finite([getattr(value, name) for name in value.__dataclass_fields__])
    return True
