"""When a customer reads: the best weekday and hour, from few events.

Of most customers a handful of opens is known, too few for seven weekdays, let alone 24
hours.  So what a customer did is mixed with what all customers of the company do: the
share of a slot is ``(n_slot + PRIOR * g_slot) / (n + PRIOR)``, the mean of a Dirichlet
posterior whose prior has the shape ``g`` of all customers and the weight of ``PRIOR``
events (Gelman et al., Bayesian Data Analysis, 3rd ed., chapter 3).  With no event that
is the best slot of all; with many it is the customer's own.
"""

import numpy as np

WEEKDAYS, HOURS = 7, 24
# Events that the habits of all customers count for.
PRIOR = 10.0
# From so many events on, the slot is called the customer's own.
LEAST = 5.0
# Neighbouring hours lend each other a part: who reads at 9:55 also reads at 10:05.
_NEAR = np.array([0.25, 0.5, 0.25])


def smooth_hours(counts):
    """Events by hour with a part of the hours beside it; midnight has neighbours, too.

    :param counts: float (…, 24)
    :return: float (…, 24), the same sum

    >>> smooth_hours(np.eye(24)[0])[[23, 0, 1]].tolist()
    [0.25, 0.5, 0.25]
    """
    counts = np.asarray(counts, dtype=float)
    return (
        _NEAR[0] * np.roll(counts, 1, axis=-1)
        + _NEAR[1] * counts
        + _NEAR[2] * np.roll(counts, -1, axis=-1)
    )


def get_shape(counts):
    """The habits of all, as shares: every slot has a little, also one never used.

    :param counts: events by slot, float (slots,)
    :return: float (slots,), sum 1

    >>> get_shape([0, 0]).tolist(), get_shape([9, 0, 0]).round(2).tolist()
    ([0.5, 0.5], [0.83, 0.08, 0.08])
    """
    counts = np.asarray(counts, dtype=float) + 1
    return counts / counts.sum()


def choose_slots(counts, shape, prior=PRIOR, least=LEAST):
    """The best slot of each customer.

    :param counts: events, float (customers, slots)
    :param shape: of all customers, see :func:`get_shape`
    :return: best slot, int (customers,); its share, float (customers,); whether it is
        the customer's own, bool (customers,): there are enough events

    >>> all_ = get_shape([1, 50, 1])
    >>> best, share, own = choose_slots([[0, 0, 0], [0, 0, 2], [0, 0, 20]], all_)
    >>> best.tolist(), own.tolist()
    ([1, 1, 2], [False, False, True])
    >>> share.round(2).tolist()
    [0.93, 0.77, 0.68]
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 2 or counts.shape[1] != len(shape):
        raise ValueError("There are not as many slots as the shape of all has.")
    number = counts.sum(axis=1, keepdims=True)
    shares = (counts + prior * np.asarray(shape)) / (number + prior)
    best = shares.argmax(axis=1)
    own = number[:, 0] >= least
    # what is not known to be theirs is that of all
    best = np.where(own, best, int(np.argmax(shape)))
    return best, shares[np.arange(len(best)), best], own
