"""Parts of an array's work side by side: numpy lets go of Python's lock.

A scheduled action has a process of its own, and a second core idles while it counts.
"""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

# More would take memory for parts that are finished before the next is handed over.
THREADS = 2


def map_parts(function, parts):
    """``function(part)`` of each part, in their order; few of them at a time.

    :param function: works on arrays and touches no database
    :param parts: an iterable; the next part is taken when there is room for it
    :raise Exception: what the function raised; no further part is begun then

    >>> list(map_parts(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    threads = min(THREADS, os.cpu_count() or 1)
    if threads < 2:
        yield from map(function, parts)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="churn_scoring") as pool:
        waiting = deque()
        try:
            for part in parts:
                if len(waiting) == threads:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(function, part))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def calm_blas():
    """Within it the linear algebra of numpy and scipy takes one thread.

    The matrices here are small: threads wait for each other longer than they count, a
    fit takes three times as long, and more where the machine is busy. Where
    threadpoolctl (it comes with scikit-learn) is missing, nothing is changed.
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        yield
        return
    with threadpool_limits(limits=1, user_api="blas"):
        yield
