"""What plays changed, against simulated plays whose effect is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifecycle_play_scoring.uplift import Arm, Uplift, money_uplift, rate_uplift
from lifecycle_play_scoring.verdict import boundary, judge

RUNS = 1000
# customers, share held out, rate held out, rate treated, spread of the logarithm
PLAYS = {
    "small, half held out": (400, 0.5, 0.25, 0.30, 0.9),
    "a month": (1000, 0.1, 0.20, 0.25, 1.0),
    "rare purchases": (3000, 0.1, 0.08, 0.10, 1.0),
    "no effect": (3000, 0.1, 0.15, 0.15, 1.1),
    "many": (20_000, 0.1, 0.10, 0.11, 1.2),
}


def simulate(random, size, share, rate, rate_treated, spread, log_mean=4.0):
    """A play: treated and held out; amounts are log-normal, as orders are."""
    held_out = random.binomial(size, share)
    arms = []
    for count, chance in ((size - held_out, rate_treated), (held_out, rate)):
        buyers = random.binomial(count, chance)
        amounts = np.exp(random.normal(log_mean, spread, buyers))
        arms.append(Arm(count, buyers, amounts))
    return arms


def known_effect(rate, rate_treated, spread, log_mean=4.0):
    return (rate_treated - rate) * math.exp(log_mean + spread**2 / 2)


@pytest.mark.parametrize("name", PLAYS)
def test_the_interval_covers_the_known_effect(name):
    size, share, rate, rate_treated, spread = PLAYS[name]
    money = known_effect(rate, rate_treated, spread)
    random = np.random.default_rng(20)
    covered = {"rate": 0, "money": 0}
    runs = RUNS if size < 10_000 else 200  # the large one takes its time
    for seed in range(runs):
        arms = simulate(random, size, share, rate, rate_treated, spread)
        lift = rate_uplift(*arms, draws=2000, seed=seed)
        covered["rate"] += lift.low <= rate_treated - rate <= lift.high
        lift = money_uplift(*arms, draws=2000, seed=seed)
        covered["money"] += lift.low <= money <= lift.high
    for kind, count in covered.items():
        allowed = 0.02 if runs == RUNS else 0.035
        assert abs(count / runs - 0.95) <= allowed, (kind, count / runs)


def test_the_cost_shifts_the_money():
    random = np.random.default_rng(3)
    arms = simulate(random, *PLAYS["a month"])
    free, paid = money_uplift(*arms), money_uplift(*arms, cost=2.5)
    assert paid.estimate == pytest.approx(free.estimate - 2.5)
    assert paid.low == pytest.approx(free.low - 2.5)
    assert paid.total[0] == pytest.approx(arms[0].size * paid.estimate)


def test_the_same_data_give_the_same_interval():
    arms = simulate(np.random.default_rng(4), *PLAYS["a month"])
    assert money_uplift(*arms) == money_uplift(*arms)


def is_earned(arms, cost=0.0):
    """As the play is judged; the costly part only where it may come to a verdict."""
    treated, control = arms
    buyers = treated.buyers + control.buyers
    if not buyers or not treated.size or not control.size:
        return judge(money_uplift(*arms), 0, 0, buyers).state == "earned"
    if money_uplift(*arms, cost, draws=1000).z < 1.5:
        return False
    money = money_uplift(*arms, cost)
    return judge(money, treated.size, control.size, buyers).state == "earned"


@pytest.mark.parametrize("name", ["small", "large", "rare"])
def test_without_effect_hardly_ever_earned(name):
    size, share, rate, spread = {
        "small": (250, 0.3, 0.3, 1.0),
        "large": (4000, 0.1, 0.2, 1.0),
        "rare": (2000, 0.1, 0.03, 1.3),
    }[name]
    random = np.random.default_rng(21)
    earned = sum(
        is_earned(simulate(random, size, share, rate, rate, spread))
        for _run in range(RUNS)
    )
    assert earned <= 0.025 * RUNS


def test_without_effect_hardly_ever_earned_though_asked_every_week():
    random = np.random.default_rng(22)
    plays, weeks, per_week = 200, 40, 60
    earned = 0
    for _play in range(plays):
        held_out = random.random(weeks * per_week) < 0.15
        bought = random.random(weeks * per_week) < 0.2
        amount = np.where(bought, np.exp(random.normal(4, 1, weeks * per_week)), 0)
        for week in range(2, weeks + 1, 2):
            seen = slice(week * per_week)
            arms = []
            for arm in (~held_out[seen], held_out[seen]):
                money = amount[seen][arm]
                arms.append(Arm(arm.sum(), np.count_nonzero(money), money[money > 0]))
            if is_earned(arms):
                earned += 1
                break
    assert earned <= 0.025 * plays


def test_an_effect_is_found_and_so_is_a_loss():
    random = np.random.default_rng(23)
    found = lost = 0
    for _run in range(40):
        arms = simulate(random, 6000, 0.2, 0.15, 0.30, 1.0)
        found += is_earned(arms)
        treated, control = arms
        money = money_uplift(*arms, cost=40.0)
        verdict = judge(money, treated.size, control.size, 500)
        lost += verdict.state == "lost"
    assert found >= 36 and lost >= 36


def test_weeks_that_are_missing_come_true():
    """After as many weeks as were said, about half of the plays are decided."""
    random = np.random.default_rng(24)
    promised = decided = 0
    for _run in range(40):
        arms = simulate(random, 2000, 0.2, 0.15, 0.19, 0.8)
        sizes = [arm.size for arm in arms]
        verdict = judge(money_uplift(*arms), *sizes, 300, per_week=400)
        if not verdict.weeks:
            continue
        promised += 1
        size = 2000 + 400 * verdict.weeks
        # the same difference goes on
        rates = [arm.buyers / arm.size for arm in arms]
        means = [np.log(arm.amounts).mean() for arm in arms]
        later = [
            Arm(
                round(arm.size * size / 2000),
                (count := round(rate * arm.size * size / 2000)),
                np.exp(random.normal(mean, 0.8, count)),
            )
            for arm, rate, mean in zip(arms, rates, means, strict=True)
        ]
        decided += (
            judge(money_uplift(*later), later[0].size, later[1].size, 300).weeks == 0
        )
    assert promised >= 10
    assert decided >= promised / 3


def test_weeks_wait_for_enough_who_bought():
    """A difference that is sure enough already is told when ten customers bought."""
    money = Uplift(4.0, 2.5, 5.5, 5.2, 90)
    verdict = judge(money, 90, 10, buyers=2, per_week=10)
    assert (verdict.state, verdict.weeks) == ("unsure", 40)  # 500 customers, 10 buyers
    assert judge(money, 90, 10, buyers=0, per_week=10).weeks is None


@pytest.mark.parametrize("treated", [(0, 0), (1, 0), (1, 1), (50, 0), (50, 50)])
@pytest.mark.parametrize("control", [(0, 0), (1, 0), (1, 1), (50, 0), (50, 50)])
def test_empty_and_full_arms(treated, control):
    arms = [
        Arm(size, buyers, np.full(buyers, 20.0)) for size, buyers in (treated, control)
    ]
    rate, money = rate_uplift(*arms), money_uplift(*arms, cost=1.0)
    if not treated[0] or not control[0]:
        assert math.isnan(rate.low) and math.isnan(money.low)
        assert not rate.z and not money.z
    else:
        assert rate.low <= rate.estimate + 1e-9 or math.isclose(rate.estimate, -1)
        assert -1 <= rate.low <= rate.high <= 1
    buyers = treated[1] + control[1]
    verdict = judge(money, treated[0], control[0], buyers, per_week=10)
    assert verdict.state in ("earned", "lost", "unsure")
    if min(treated[0], control[0]) <= 1:
        assert verdict.state == "unsure"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e9), max_size=30),
    st.lists(st.floats(-1e6, 1e9), max_size=30),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_any_amounts_give_numbers(treated, control, more, others):
    arms = [
        Arm(len(amounts) + rest, len(amounts), amounts)
        for amounts, rest in ((treated, more), (control, others))
    ]
    lift = money_uplift(*arms, draws=200)
    if not arms[0].size or not arms[1].size or not (treated or control):
        assert math.isnan(lift.low)
    else:
        assert lift.low <= lift.high and math.isfinite(lift.z)
        assert math.isclose(
            lift.estimate, arms[0].mean - arms[1].mean, rel_tol=1e-6, abs_tol=1e-3
        )


def test_an_arm_that_cannot_be():
    with pytest.raises(ValueError):
        Arm(1, 2, [])
    with pytest.raises(ValueError):
        Arm(1, 1, [1.0, 2.0])
    with pytest.raises(ValueError):
        Arm(1, 1, [math.nan])


def test_losses_and_returns_have_an_interval():
    random = np.random.default_rng(5)
    treated = Arm(900, 200, random.normal(5, 30, 200))
    control = Arm(100, 20, random.normal(5, 30, 20))
    lift = money_uplift(treated, control)
    assert lift.low < lift.estimate < lift.high


def test_the_boundary_is_flat_where_plays_are():
    sizes = [boundary(9 * n, n) for n in (100, 200, 400, 800)]
    assert max(sizes) < 3.2 and min(sizes) > 2.9
