"""Why a churn score is what it is: exact Shapley values of three inputs.

A score is a function of days since the last order, number of order days and days since
the first order. What each of them moves it by, on the scale of log odds, against the
customer in the middle of the company, is its mean effect over the six orders in which
the three can be put in place of the middle customer's (Shapley 1953): 8 evaluations of
the model, no sampling. Where the large models add something, it is a fourth part,
``rest``, so that the parts always add up to the score.
"""

import numpy as np

from .averages import LOGIT_LIMIT
from .customers import Customers
from .ladder import NO_MODEL
from .score import find_logits

INPUTS = ("recency", "orders", "age")
RECENCY, ORDERS, AGE = 1, 2, 4
ALL = RECENCY | ORDERS | AGE
# Rows looked at together: what is worked on stays in the processor's cache.
BLOCK = 50_000


def explain(
    model, customers: Customers, offset: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Parts of the log odds of each churn score, float (n,) each.

    :param model: TrainedModel
    :param offset: what the large models added (``churn_offset`` of ``score``); 0 or
        NaN without
    :return: ``recency``, ``orders``, ``age``, ``rest`` and ``baseline`` (the log odds
        of the middle customer, the same for everybody); their sum is the log odds of
        the score. Positive parts speak for leaving. All NaN on rung 0.
    """
    count = len(customers)
    names = (*INPUTS, "rest", "baseline")
    if model.rung == NO_MODEL:
        return {name: np.full(count, np.nan) for name in names}
    found = {name: np.zeros(count) for name in names}
    middle = model.baseline
    base = _evaluate(
        model,
        customers.as_of,
        *(np.array([n]) for n in (middle.recency, middle.orders, middle.age)),
    )
    found["baseline"] += base
    for begin in range(0, count, BLOCK):
        part = slice(begin, begin + BLOCK)
        for name, values in _find_parts(model, customers.take(part), base[0]).items():
            found[name][part] = values
    if offset is not None:
        whole = sum(found.values())
        added = np.nan_to_num(np.asarray(offset, dtype=float))
        # within the limits that the score keeps
        found["rest"] = np.clip(whole + added, -LOGIT_LIMIT, LOGIT_LIMIT) - whole
    return found


def _find_parts(model, customers, base):
    middle = model.baseline
    own = (customers.recency_days, customers.orders, customers.as_of - customers.first)
    others = (middle.recency, middle.orders, middle.age)
    value = [np.full(len(customers), base)]
    for chosen in range(1, ALL + 1):
        inputs = (
            own[i] if chosen & bit else np.full(len(customers), others[i])
            for i, bit in enumerate((RECENCY, ORDERS, AGE))
        )
        value.append(_evaluate(model, customers.as_of, *inputs))
    found = {}
    for name, bit in zip(INPUTS, (RECENCY, ORDERS, AGE), strict=True):
        first, second = (b for b in (RECENCY, ORDERS, AGE) if b != bit)
        found[name] = (
            2 * (value[bit] - value[0])
            + (value[bit | first] - value[first])
            + (value[bit | second] - value[second])
            + 2 * (value[ALL] - value[first | second])
        ) / 6
    return found


def _evaluate(model, as_of, recency, orders, age):
    """Log odds of customers put together from inputs of two.

    Whose last order was 300 days ago has been a customer for 300 days at least.
    """
    customers = Customers(
        ids=np.zeros(len(recency), dtype=np.int64),
        orders=orders.astype(np.int64),
        first=as_of - np.maximum(age, recency).astype(np.int64),
        last=as_of - recency.astype(np.int64),
        value=np.full(len(recency), np.nan),
        as_of=as_of,
    )
    return find_logits(model, customers, model.horizon)[0]
