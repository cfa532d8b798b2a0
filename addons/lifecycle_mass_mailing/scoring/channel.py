"""By what a customer can be reached: email, text message or call.

Each channel has a rate of answers.  Of one customer few messages are known, so rates
are drawn towards the rate ``g`` of the channel at all customers:
``(answers + PRIOR * g) / (tried + PRIOR)``, the mean of a Beta posterior with the
weight of ``PRIOR`` messages (Gelman et al., Bayesian Data Analysis, 3rd ed., chapter
2).
"""

import numpy as np

CHANNELS = ("mail", "sms", "call")
PRIOR = 5.0
# From so many attempts on, by all channels together, it is the customer's own.
LEAST = 3


def get_rates(tried, answered):
    """Share of answers of each channel at all customers; 0 where it was never tried.

    :param tried, answered: int (customers, channels)

    >>> get_rates([[8, 0], [2, 0]], [[1, 0], [0, 0]]).tolist()
    [0.1, 0.0]
    """
    tried, answered = (np.asarray(v, dtype=float) for v in (tried, answered))
    sums = tried.sum(axis=0)
    return np.divide(
        answered.sum(axis=0), sums, out=np.zeros_like(sums), where=sums > 0
    )


def choose_channels(tried, answered, rates, prior=PRIOR, least=LEAST):
    """The channel that each customer answers to best.

    :param tried: attempts, int (customers, channels)
    :param answered: those that were answered, never more; the same shape
    :param rates: of all customers, see :func:`get_rates`
    :return: position of the channel, int (customers,), of :data:`CHANNELS`; its rate,
        float (customers,); whether it is the customer's own, bool (customers,): they
        were tried often enough and answered at least once

    >>> best, rate, own = choose_channels(
    ...     [[10, 2, 0], [0, 0, 0], [4, 4, 2]],
    ...     [[0, 2, 0], [0, 0, 0], [0, 1, 2]],
    ...     np.array([0.2, 0.1, 0.1]))
    >>> best.tolist(), own.tolist()
    ([1, 0, 2], [True, False, True])
    >>> rate.round(2).tolist()
    [0.36, 0.2, 0.36]
    """
    tried, answered = (np.asarray(v, dtype=float) for v in (tried, answered))
    if (answered > tried).any() or (answered < 0).any():
        raise ValueError("There are more answers than attempts.")
    rates = np.asarray(rates, dtype=float)
    posterior = (answered + prior * rates) / (tried + prior)
    own = (tried.sum(axis=1) >= least) & (answered.sum(axis=1) > 0)
    best = np.where(own, posterior.argmax(axis=1), int(np.argmax(rates)))
    return best, posterior[np.arange(len(best)), best], own
