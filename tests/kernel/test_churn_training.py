"""Training: no leak, small and odd bases, vetoes, figures on real purchases."""

import json
from dataclasses import fields

import numpy as np
import pytest
from churn_data import DIGITS, day, make, pick, read_cdnow, simulate
from churn_scoring_scoring import boosting, metrics
from churn_scoring_scoring.customers import Customers
from churn_scoring_scoring.explain import explain
from churn_scoring_scoring.features import features16
from churn_scoring_scoring.ladder import MAX_CALIBRATION
from churn_scoring_scoring.learning import Sample, find_windows, learn
from churn_scoring_scoring.lifetime_value import expected_spend
from churn_scoring_scoring.model import TrainedModel, is_finite
from churn_scoring_scoring.score import CONFIDENCES, find_logits, score, score_in_parts
from churn_scoring_scoring.training import TrainingSettings, train
from churn_scoring_scoring.windows import find_spend, observe
from lifecycle_crm_scoring.purchases import Purchases
from scipy.special import expit

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

SEPTEMBER = day("1997-09-30")  # 39 weeks, where the papers cut
WEEKS_13 = TrainingSettings(horizon_days=91)


def at(purchases, as_of):
    return Customers.from_purchases(purchases, as_of, DIGITS)


def check_numbers(model, purchases):
    """Everything finite, the model's own JSON included; a score for everybody."""
    text = model.to_json()
    json.loads(text, parse_constant=pytest.fail)
    again = TrainedModel.from_json(text, model.trees_to_bytes())
    assert again.to_json() == text and is_finite(model.backtest)
    customers = at(purchases, model.as_of)
    scores = score(again, customers)
    if model.rung == 0:
        assert np.isnan(scores["churn_probability"]).all()
        assert (scores["confidence"] == CONFIDENCES.index("rule")).all()
        return
    known = np.isfinite(customers.value)
    for name in ("churn_probability", "expected_orders"):
        assert np.isfinite(scores[name]).all(), name
    for name in (
        "clv_expected",
        "clv_low",
        "clv_high",
        "value_if_alive",
        "order_value",
    ):
        assert np.isfinite(scores[name][known]).all(), name
    assert (scores["churn_probability"] >= 0).all()
    assert (scores["churn_probability"] <= 1).all()
    low, expected, high = (
        scores[f"clv_{n}"][known] for n in ("low", "expected", "high")
    )
    assert ((low >= 0) & (low <= expected) & (expected <= high)).all()
    parts = explain(again, customers, scores["churn_offset"])
    assert sum(parts.values()) == pytest.approx(scores["churn_logit"], abs=1e-9)


def assert_same(ours, theirs):
    """But for the last digits of sums, which depend on where arrays lie in memory."""
    ours, theirs = (flatten(json.loads(model.to_json())) for model in (ours, theirs))
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        if isinstance(value, float):
            value = pytest.approx(value, rel=1e-6, abs=1e-9)
        assert theirs[name] == value, name


def flatten(value, name=""):
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return {k: v for n, i in items for k, v in flatten(i, f"{name}.{n}").items()}
    return {name: value}


@pytest.mark.parametrize("count", [30, 50, 100, 300])
def test_small_bases(count):
    """50 random companies of each size: never a failure, and right on average."""
    whole, offsets = read_cdnow(), []
    for seed in range(50):
        purchases = pick(whole, count, seed)
        model = train(purchases, SEPTEMBER, WEEKS_13)
        json.loads(model.to_json(), parse_constant=pytest.fail)
        if seed % 5 == 0:
            check_numbers(model, purchases)
        if model.rung:
            customers = at(purchases, SEPTEMBER)
            window = observe(purchases, customers, 91, DIGITS)
            odds, _added = find_logits(model, customers, 91)
            spend = expected_spend(model.mbg, model.gamma_gamma, customers, 91)
            assert np.isfinite(odds).all() and np.isfinite(spend).all()
            offset = metrics.calibration_in_the_large(window.left, expit(odds))
            offsets.append(offset)
    assert abs(np.mean(offsets)) < MAX_CALIBRATION / 2
    assert np.mean(np.abs(offsets)) < MAX_CALIBRATION
    if count >= 50:
        assert len(offsets) >= 40


def rows(count, first=0, step=30, orders=4, cents=5000):
    return [
        (c, first + k * step + c % 5, cents, True)
        for c in range(1, count + 1)
        for k in range(orders)
    ]


ODD = {
    "nobody": [],
    "one customer": [(1, 10 * k, 100, True) for k in range(60)],
    "returns without orders": [(c, c, -500, False) for c in range(1, 60)],
    "all given back": [
        row
        for c, d, cents, _order in rows(60)
        for row in ((c, d, cents, True), (c, d + 1, -cents, False))
    ],
    "all on one day": [(c, 100, 500 + c, True) for c in range(1, 200)],
    "all free": [(c, d, 0, True) for c, d, *_rest in rows(60)],
    "all alike": rows(200, step=90, orders=5),
    "one giant": [*rows(150, step=60, orders=6), (999, 400, 10**13, True)],
    "orders every day": [(c, d, 99, True) for c in range(1, 40) for d in range(400)],
    "nobody came back": [(c, c, 100, True) for c in range(1, 400)],
    "before 1970": [(c, d - 5000, 100, True) for c, d, *_rest in rows(60)],
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("horizon", [None, 30, 365, 5000])
def test_odd_bases(name, horizon):
    purchases = make(ODD[name])
    for as_of in (450, -4000, 20_000):
        model = train(purchases, as_of, TrainingSettings(horizon_days=horizon))
        check_numbers(model, purchases)
        assert model.rung or model.reasons or model.vetoes


def test_the_middle_is_of_who_ordered_lately():
    """Customers gone for long do not make everybody else look safe."""
    gone = rows(100, first=-3000)
    here = rows(20, first=-100, orders=3)
    moved = [(customer + 1000, *rest) for customer, *rest in here]
    settings = TrainingSettings(digits=DIGITS, horizon_days=90)
    both = train(make([*gone, *moved]), max(row[1] for row in moved), settings)
    alone = train(make(moved), both.as_of, settings)
    assert both.baseline == alone.baseline
    # where nobody ordered lately, of all
    late = train(make(gone), both.as_of, settings)
    assert late.baseline.recency > 2 * 90
    assert late.baseline.orders == 4


def test_what_is_missing_is_said():
    model = train(make(rows(12)), 450, TrainingSettings(horizon_days=30))
    assert model.rung == 0 and model.backtest == {}
    assert model.reasons == [
        {"code": "few_customers", "rung": 1, "have": 12, "need": 30}
    ]
    long = train(pick(read_cdnow(), 300, 1), SEPTEMBER, TrainingSettings(200))
    assert {
        "code": "short_history",
        "rung": 2,
        "have": 272,
        "need": 400,
    } in long.reasons


@pytest.mark.parametrize("count", [400, 2000])
def test_a_base_without_signal_is_vetoed(count):
    """All alike, nobody leaves: who orders next is chance, and the company is told."""
    random = np.random.default_rng(count)
    purchases = simulate(random, count, 700, rate=1 / 60)
    # all of them known from the beginning, so that age says nothing either
    first = Purchases.sort(
        np.arange(1, count + 1), np.zeros(count), np.full(count, 5000), [True] * count
    )
    model = train(first.merge(purchases), 700, TrainingSettings(horizon_days=60))
    assert model.rung == 0
    codes = {(veto["rung"], veto["code"]) for veto in model.vetoes}
    assert (2, "weak_ranking") in codes or (2, "no_better_than_base") in codes
    assert any(rung == 1 for rung, _code in codes)
    # what was found is shown beside the veto
    assert model.backtest["churn"]["auc_low"] < 0.55


def test_signal_is_not_vetoed():
    """The same, but a third of the customers leaves for good."""
    random = np.random.default_rng(5)
    gone = np.where(random.random(600) < 0.35, 0.3, 0.0)
    purchases = simulate(random, 600, 700, rate=1 / 25, dropout=gone)
    model = train(purchases, 700, TrainingSettings(horizon_days=60, max_rung=2))
    assert (model.rung, model.vetoes) == (2, [])
    assert model.backtest["churn"]["auc_low"] > 0.8


def test_trade_that_breaks_off_is_vetoed_in_the_large():
    """A company that lost its customers at once: no model can have known."""
    random = np.random.default_rng(6)
    rate = random.gamma(2, 0.015, 500)
    purchases = simulate(random, 500, 700, rate=rate, dropout=0.03)
    broken = purchases.take((purchases.day <= 640) | (purchases.customer % 4 == 0))
    model = train(broken, 700, TrainingSettings(horizon_days=60, max_rung=2))
    assert model.rung < 2
    assert "off_in_the_large" in {veto["code"] for veto in model.vetoes}


def test_nothing_later_is_used():
    """Whatever comes after the day changes neither the model nor a score."""
    whole = read_cdnow()
    now = day("1997-12-31")
    random = np.random.default_rng(1)
    later = whole.day > now
    shuffled = Purchases.sort(
        np.where(later, random.permutation(whole.customer), whole.customer),
        whole.day,
        np.where(later, whole.amount * 1000, whole.amount),
        whole.is_order,
    )
    model = train(whole, now, WEEKS_13)
    for other in (whole.until(now), shuffled):
        assert_same(train(other, now, WEEKS_13), model)


def test_backtest_is_what_would_have_been_said():
    """A model trained as of the backtest's cut says what the backtest says of it."""
    whole, now = read_cdnow(), day("1998-03-31")
    settings = TrainingSettings(horizon_days=91, max_rung=2)
    told = train(whole, now, settings).backtest
    before = train(whole, told["cut"], settings)
    customers = at(whole, told["cut"])
    window = observe(whole, customers, 91, DIGITS)
    scores = score(before, customers, clv_days=91)
    report = metrics.judge_churn(window.left, scores["churn_probability"])
    expected = flatten({**told["churn"], "brier_recency": None})
    assert flatten(report) == pytest.approx(expected, abs=1e-9)
    assert told["cut"] + 91 == told["until"] == now and told["method"] == "avg2"
    last = find_spend(whole, customers, 91, DIGITS)
    assert told["value"]["mae_last_period"] == metrics.mae(window.spend, last)
    # recency alone is a worse promise than the average, and better than none
    churn = told["churn"]
    assert churn["brier"] < churn["brier_recency"] < churn["brier_base"]


@pytest.mark.parametrize("cap", [10**6, 1500])
def test_what_was_returned_later_was_an_order_then(cap):
    """The backtest is judged on what was known at its cut, also of a sample."""
    whole, now = read_cdnow(), day("1998-03-31")
    cut = now - 91
    random = np.random.default_rng(3)
    returned = (whole.day <= cut) & (random.random(len(whole.day)) < 0.1)
    today = Purchases(
        whole.customer, whole.day, whole.amount, whole.is_order & ~returned
    )
    asked = []

    def known_at(when):
        asked.append(when)
        assert when <= cut
        return whole.until(when)

    settings = TrainingSettings(91, max_rung=2, cap=cap)
    leaky = train(today, now, settings).backtest["churn"]
    found = train(today, now, settings, known_at=known_at)
    assert cut in asked and len(asked) == len(set(asked))
    honest = found.backtest["churn"]
    assert found.customers == len(at(today, now)) < len(at(whole, now))
    if cap > 10**4:
        same = train(whole, now, settings).backtest["churn"]
        assert flatten(honest) == pytest.approx(flatten(same), abs=1e-9)
        assert honest["count"] == len(at(whole, cut)) > leaky["count"]
    assert honest["brier"] != leaky["brier"]


def test_last_years_season_is_learned():
    """Everybody orders in December only, or in each of the other months too."""
    random = np.random.default_rng(2)
    found = []
    for years in (1, 3):
        rows = []
        for customer in range(1, 401):
            for year in range(4 - years, 4):
                chances = np.where(np.arange(12) == 11, 0.9, 0.25)
                for month in np.flatnonzero(random.random(12) < chances):
                    when = day("1996-01-01") + 365 * year + 30 * month
                    rows.append((customer, when + int(random.integers(30)), 1000, True))
        end = day("1996-01-01") + 365 * 3 + 329  # the eve of the fourth December
        purchases = make(rows)
        customers = at(purchases, end)
        left = observe(purchases, customers, 30, DIGITS).left
        # of rung 2, whether or not the last backtest would veto it
        first = int(purchases.day.min())
        sample = Sample(purchases, DIGITS, 30, first, 10**5, 10**5, 0)
        learned = learn(sample, customers, find_windows(sample, end))
        odds, _added = find_logits(learned, customers, 30)
        found.append(abs(metrics.calibration_in_the_large(left, expit(odds))))
        assert left.mean() < 0.2
    assert found[1] < found[0] - 0.1


def test_large_bases_are_learned_from_a_sample():
    whole = read_cdnow()
    full = train(whole, SEPTEMBER, TrainingSettings(91, max_rung=2))
    part = train(whole, SEPTEMBER, TrainingSettings(91, max_rung=2, cap=1500))
    assert part.customers == full.customers == len(at(whole, SEPTEMBER))
    assert part.mbg.customers == part.backtest["churn"]["count"] + _newer(part) <= 1500
    assert part.backtest["churn"]["auc"] == pytest.approx(
        full.backtest["churn"]["auc"], abs=0.04
    )


def _newer(model):
    return model.mbg.customers - model.backtest["churn"]["count"]


def test_cdnow_13_weeks():
    """The issue's goal, at every quarter that 13 weeks follow."""
    whole = read_cdnow()
    for cut in ("1997-09-30", "1997-12-31", "1998-03-31"):
        model = train(whole, day(cut), TrainingSettings(91, max_rung=2))
        assert (model.method, model.vetoes) == ("avg2", [])
        customers = at(whole, day(cut))
        window = observe(whole, customers, 91, DIGITS)
        report = metrics.judge_churn(
            window.left, score(model, customers)["churn_probability"]
        )
        assert report["auc"] >= 0.79 and report["brier"] <= 0.111
        assert abs(report["calibration"]) < 0.05


def test_cdnow_value_of_26_weeks():
    # the file ends 181 days after the cut
    whole, cut = read_cdnow("CDNOW_master.txt"), day("1997-12-31")
    model = train(whole, cut, TrainingSettings(181))
    customers = at(whole, cut)
    window = observe(whole, customers, 181, DIGITS)
    value = np.nan_to_num(score(model, customers, clv_days=181)["clv_expected"])
    report = metrics.judge_value(
        window.spend, value, find_spend(whole, customers, 181, DIGITS)
    )
    assert report["mae"] <= 20.5 and report["lift"] >= 5.6
    assert report["mae"] < 0.92 * report["mae_last_period"]
    assert 0.85 < report["bias"] < 1.1


def test_interval_of_the_value_holds_four_of_five():
    whole, cut = read_cdnow(), day("1997-12-31")
    model = train(whole, cut, TrainingSettings(91, max_rung=2))
    customers = at(whole, cut)
    spend = observe(whole, customers, 182, DIGITS).spend
    scores = score(model, customers, clv_days=182)
    inside = (scores["clv_low"] <= spend) & (spend <= scores["clv_high"])
    assert 0.75 < inside[np.isfinite(scores["clv_low"])].mean() < 0.95


@pytest.mark.skipif(not boosting.is_available(), reason="scikit-learn is not there")
def test_large_models():
    whole, cut = read_cdnow(), day("1998-03-31")
    model = train(whole, cut, WEEKS_13)
    assert (model.method, model.backtest["method"]) == ("avg4", "avg4")
    check_numbers(model, whole)
    again = TrainedModel.from_json(model.to_json(), model.trees_to_bytes())
    customers = at(whole, cut)
    full = score(again, customers, features16(whole, customers, DIGITS))
    kept = score(
        again, customers, offset=full["churn_offset"], factor=full["value_factor"]
    )
    plain = score(again, customers)
    for name, values in full.items():
        assert kept[name] == pytest.approx(values, rel=1e-9, nan_ok=True), name
    assert (full["churn_probability"] != plain["churn_probability"]).mean() > 0.9
    left = observe(whole, customers, 91, DIGITS).left
    report = metrics.judge_churn(left, full["churn_probability"])
    assert report["auc"] >= 0.82 and report["brier"] <= 0.086


def test_value_if_alive_is_near_what_they_brought():
    """Also of who is nearly surely gone, whatever the trees make of next to nothing."""
    random = np.random.default_rng(0)
    rate = random.gamma(0.8, 1 / 15, 2500)
    purchases = simulate(random, 2500, 700, rate=rate, dropout=0.15)
    model = train(purchases, 700, TrainingSettings(horizon_days=90))
    customers = at(purchases, 700)
    features = None
    if model.needs_features:
        features = features16(purchases, customers, DIGITS)
    scores = score(model, customers, features)
    known = np.isfinite(scores["value_if_alive"]) & (customers.orders >= 10)
    gone = known & (scores["p_alive"] < 1e-4)
    assert np.count_nonzero(gone) > 20
    days = np.maximum(customers.last - customers.first, 1)
    brought = customers.value * customers.repeats / days * 365
    for rows in (known, gone):
        assert (scores["value_if_alive"][rows] < 2 * brought[rows]).all()
    alive = scores["p_alive"] > 0.5
    expected = scores["clv_expected"] / scores["p_alive"] / scores["value_factor"]
    assert scores["value_if_alive"][alive] == pytest.approx(expected[alive])


def test_scores_of_some_customers_at_a_time():
    whole, cut = read_cdnow(), day("1997-09-30")
    model = train(whole, cut, TrainingSettings(91, digits=DIGITS))
    customers = Customers.from_purchases(whole, cut, DIGITS)
    arrays = {
        "offset": np.linspace(-0.1, 0.1, len(customers)),
        "factor": np.linspace(0.8, 1.2, len(customers)),
        "clv_days": 91,
    }
    wanted = score(model, customers, **arrays)
    found = score_in_parts(model, customers, 500, **arrays)
    assert list(found) == list(wanted)
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, err_msg=name)
    names = ("clv_high", "confidence")
    few = score_in_parts(model, customers, 500, names=names, **arrays)
    assert tuple(few) == names
    assert (few["clv_high"] == found["clv_high"]).all()
    nobody = score_in_parts(model, customers.take(slice(0)), 500)
    assert [len(values) for values in nobody.values()] == [0] * len(found)


def test_without_scikit_learn_the_ladder_ends_at_two(monkeypatch):
    monkeypatch.setattr(boosting, "is_available", lambda: False)
    model = train(read_cdnow(), day("1998-03-31"), WEEKS_13)
    assert model.method == "avg2"
    assert [reason["code"] for reason in model.reasons] == ["no_scikit_learn"]


def test_confidence_and_rule():
    purchases = pick(read_cdnow(), 300, 3)
    model = train(purchases, SEPTEMBER, TrainingSettings(91))
    assert model.rung and model.median_gap > 10
    customers = Customers(
        ids=np.arange(4),
        orders=np.array([1, 1, 3, 3]),
        first=np.array(
            [SEPTEMBER - 2, SEPTEMBER - 200, SEPTEMBER - 200, SEPTEMBER - 90]
        ),
        last=np.array([SEPTEMBER - 2, SEPTEMBER - 200, SEPTEMBER - 5, SEPTEMBER - 80]),
        value=np.full(4, 20.0),
        as_of=SEPTEMBER,
    )
    scores = score(model, customers)
    best = "proven" if model.rung > 1 else "unproven"
    names = [CONFIDENCES[code] for code in scores["confidence"]]
    assert names == ["too_early", "one_order", best, best]
    # the third's usual gap is 97 days, the fourth's 5
    assert scores["overdue"].tolist() == [False, True, False, True]


def test_rung_0_has_the_value_of_the_past():
    model = train(make(rows(12)), 450, TrainingSettings())
    customers = at(make(rows(12)), 450)
    scores = score(model, customers, recent_value=np.arange(12.0))
    assert scores["clv_expected"].tolist() == list(range(12))
    assert np.isnan(scores["clv_high"]).all()


def test_stored_models_are_checked():
    with pytest.raises(ValueError):
        TrainedModel.from_json('{"format": 99}')
    with pytest.raises(ValueError):
        TrainedModel.from_json("[]")
    model = train(pick(read_cdnow(), 300, 3), SEPTEMBER, WEEKS_13)
    again = TrainedModel.from_json(model.to_json())
    for item in fields(TrainedModel):
        ours, theirs = getattr(model, item.name), getattr(again, item.name)
        if item.name.startswith("logistic") and ours is not None:
            assert ours.weights.tolist() == theirs.weights.tolist()
            assert (ours.names, ours.converged) == (theirs.names, theirs.converged)
        else:
            assert ours == theirs, item.name
