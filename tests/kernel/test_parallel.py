"""Parts of the work side by side."""

import threading

import numpy as np
import pytest

from churn_scoring_scoring import parallel
from churn_scoring_scoring.parallel import calm_blas, map_parts


def test_results_come_in_the_order_of_the_parts():
    gate = threading.Event()

    def slow_first(part):
        if part == 0:
            gate.wait(10)
        else:
            gate.set()
        return part

    assert list(map_parts(slow_first, range(7))) == list(range(7))


def test_few_parts_are_taken_ahead():
    taken = []

    def parts():
        for number in range(10):
            taken.append(number)
            yield number

    found = map_parts(lambda part: part, parts())
    assert next(found) == 0
    # one is handed over, two are worked on
    assert len(taken) <= 1 + parallel.THREADS


def test_a_failure_is_raised_and_nothing_new_is_begun():
    begun = []

    def fail(part):
        begun.append(part)
        raise ZeroDivisionError(part)

    with pytest.raises(ZeroDivisionError):
        list(map_parts(fail, range(100)))
    assert len(begun) <= 1 + parallel.THREADS


def test_one_processor_is_enough(monkeypatch):
    monkeypatch.setattr(parallel.os, "cpu_count", lambda: 1)
    threads = set()

    def note(part):
        threads.add(threading.current_thread())
        return part.sum()

    parts = np.arange(12).reshape(4, 3)
    assert [int(total) for total in map_parts(note, parts)] == [3, 12, 21, 30]
    assert threads == {threading.current_thread()}


def test_linear_algebra_takes_one_thread_and_as_many_as_before_afterwards():
    control = pytest.importorskip("threadpoolctl")

    def count():
        return {
            library["filepath"]: library["num_threads"]
            for library in control.threadpool_info()
            if library["user_api"] == "blas"
        }

    before = count()
    assert before
    with calm_blas():
        assert set(count().values()) == {1}
    assert count() == before
