"""The best time and channel of customers: few events bend to what all do."""

import numpy as np
import pytest
from lifecycle_mass_mailing_scoring.channel import choose_channels, get_rates
from lifecycle_mass_mailing_scoring.send_time import (
    choose_slots,
    get_shape,
    smooth_hours,
)


def test_smoothing_keeps_the_sum_and_goes_round_midnight():
    counts = np.random.default_rng(1).poisson(2, (50, 24))
    smooth = smooth_hours(counts)
    assert np.allclose(smooth.sum(axis=1), counts.sum(axis=1))
    assert np.allclose(smooth_hours(np.roll(counts, 5, axis=1)), np.roll(smooth, 5, 1))


def test_without_events_the_slot_of_all():
    shape = get_shape([1, 2, 30, 4])
    best, share, own = choose_slots(np.zeros((3, 4)), shape)
    assert best.tolist() == [2, 2, 2]
    assert np.allclose(share, shape[2])
    assert not own.any()


def test_with_many_events_the_own_slot_whatever_others_do():
    shape = get_shape([0, 10_000, 0])
    best, _share, own = choose_slots([[200, 0, 0]], shape)
    assert best.tolist() == [0] and own.all()


def test_shares_are_between_the_own_and_that_of_all():
    random = np.random.default_rng(2)
    counts = random.poisson(3, (200, 7))
    shape = get_shape(random.poisson(50, 7))
    best, share, own = choose_slots(counts, shape)
    rows = np.arange(200)[own]
    own_share = counts[rows, best[rows]] / counts[rows].sum(axis=1)
    of_all = shape[best[rows]]
    assert (share[rows] <= np.maximum(own_share, of_all) + 1e-12).all()
    assert (share[rows] >= np.minimum(own_share, of_all) - 1e-12).all()


def test_readers_of_two_habits_are_told_apart():
    """Of people who read in the evening, nearly all are found with 15 events."""
    random = np.random.default_rng(3)
    evening = np.exp(-0.5 * ((np.arange(24) - 20) / 1.0) ** 2) + 0.02
    morning = np.roll(evening, -11)
    own = random.multinomial(15, evening / evening.sum(), 500)
    others = random.multinomial(15, morning / morning.sum(), 2000)
    counts = smooth_hours(np.vstack([own, others]))
    best, _share, known = choose_slots(counts, get_shape(counts.sum(axis=0)))
    assert known.all()
    assert (np.abs(best[:500] - 20) <= 2).mean() > 0.9
    assert (np.abs(best[500:] - 9) <= 2).mean() > 0.95


def test_as_many_slots_as_the_shape():
    with pytest.raises(ValueError, match="slots"):
        choose_slots([[1, 2]], get_shape([1, 2, 3]))


def test_a_channel_never_tried_has_the_rate_of_all():
    rates = get_rates([[100, 50, 10]], [[10, 10, 4]])
    assert rates.tolist() == [0.1, 0.2, 0.4]
    best, rate, own = choose_channels([[0, 0, 0], [20, 0, 0]], np.zeros((2, 3)), rates)
    assert best.tolist() == [2, 2] and not own.any()
    assert np.allclose(rate, 0.4)


def test_one_answer_of_one_does_not_beat_many():
    rates = np.array([0.1, 0.1, 0.1])
    best, _rate, own = choose_channels([[20, 1, 0]], [[15, 1, 0]], rates)
    assert best.tolist() == [0] and own.all()


@pytest.mark.parametrize("answered", [[[2, 0, 0]], [[-1, 0, 0]]])
def test_more_answers_than_attempts(answered):
    with pytest.raises(ValueError, match="answers"):
        choose_channels([[1, 0, 0]], answered, np.zeros(3))
