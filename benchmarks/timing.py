"""Taking the time of short and of long things.  No Odoo in here."""

import contextlib
import gc
import random
import statistics
import time


@contextlib.contextmanager
def no_collection():
    """Python's garbage collector waits: it strikes one sample in many, at random."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def stopwatch(action, *arguments):
    """``(seconds, result)`` of one call."""
    began = time.perf_counter()
    result = action(*arguments)
    return time.perf_counter() - began, result


def best(action, times):
    """Seconds of the quickest of some calls: everything else on the machine adds."""
    return min(stopwatch(action)[0] for _attempt in range(times))


def percentile(samples, share):
    """The sample below which ``share`` (0 to 1) of them lie; None without any.

    >>> percentile([5, 1, 4, 2, 3], 0.5), percentile([1, 2], 0.95), percentile([], 1)
    (3, 2, None)
    """
    ordered = sorted(samples)
    if not ordered:
        return None
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def join_twos(samples):
    """Means of two and two: of a sample that came first and one that came second.

    >>> join_twos([1, 3, 10, 20, 5])
    [2.0, 15.0]
    """
    return [
        (one + two) / 2 for one, two in zip(samples[::2], samples[1::2], strict=False)
    ]


def paired_ratio(ours, plain, resamples=400):
    """How many times as long ours take, and where that lies in 95 of 100 cases.

    One plus the median difference within a pair over the median of plain: what the
    machine does to both of a pair at once cancels out.  The interval is a bootstrap
    over the pairs.

    >>> paired_ratio([2.0] * 9, [1.0] * 9)
    (2.0, (2.0, 2.0))
    """
    pairs = list(zip(ours, plain, strict=True))

    def ratio(chosen):
        differences = statistics.median(one - other for one, other in chosen)
        return 1 + differences / statistics.median(other for _one, other in chosen)

    dice = random.Random(42)
    drawn = [ratio(dice.choices(pairs, k=len(pairs))) for _draw in range(resamples)]
    return ratio(pairs), (percentile(drawn, 0.025), percentile(drawn, 0.975))
