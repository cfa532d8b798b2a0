"""Fits of each model beside those of the package lifetimes, and scores; no database.

    python -m benchmarks.churn_kernel CUSTOMERS LIFETIMES

LIFETIMES is a folder with the package, or nothing.
"""

import sys
import warnings

import numpy as np

from scripts.quality.kernel import load_kernel

from . import buyers, child, timing

TIMES = 3
HORIZON = 90


def main(customers, lifetimes=""):
    load_kernel()
    people = buyers.simulate(int(customers))
    print(
        f"- fits and scores of {len(people)} customers without a database", flush=True
    )
    models, left = _learn(people)
    figures = {
        "customers": len(people),
        # as the product fits: at most 200 thousand of them
        "fit_s": _time_fits(people, left),
        "fit_all_s": _time_fits(people, left, sample=None),
        "parameters": _describe(models),
        "parameters_all": _describe(_learn(people, sample=None)[0]),
        "lifetimes_s": {},
        "lifetimes_parameters": {},
        **_time_scores(people, models),
    }
    if lifetimes:
        figures |= _time_lifetimes(people, lifetimes)
    print(f"  {figures['fit_s']}, lifetimes {figures['lifetimes_s']}", flush=True)
    child.answer(figures)


def _get_fits(people, left, **options):
    from churn_scoring_scoring import btyd, gamma_gamma, logistic

    design = logistic.features2(people)
    return {
        "bg_nbd": lambda: btyd.fit("bg", people, **options),
        "mbg_nbd": lambda: btyd.fit("mbg", people, **options),
        "gamma_gamma": lambda: gamma_gamma.fit(people.orders, people.value, **options),
        "logistic": lambda: logistic.fit(design, left, logistic.FEATURES2, **options),
    }


def _learn(people, **options):
    """All models, and who leaves by the first of them."""
    from churn_scoring_scoring import btyd

    fits = _get_fits(people, None, **options)
    models = {name: fit() for name, fit in fits.items() if name != "logistic"}
    chance = btyd.p_no_order(models["mbg_nbd"], people, HORIZON)
    left = np.random.default_rng(0).random(len(people)) < chance
    models["logistic"] = _get_fits(people, left, **options)["logistic"]()
    return models, left


def _time_fits(people, left, **options):
    fits = _get_fits(people, left, **options)
    return {name: round(timing.best(fit, TIMES), 4) for name, fit in fits.items()}


def _describe(models):
    names = {"bg_nbd": "r alpha a b", "mbg_nbd": "r alpha a b", "gamma_gamma": "p q v"}
    return {
        model: {name: round(getattr(models[model], name), 4) for name in of.split()}
        for model, of in names.items()
    }


def _time_scores(people, models):
    """Score, expected value with its interval, and reasons, of everybody."""
    from churn_scoring_scoring import lifetime_value
    from churn_scoring_scoring.explain import explain
    from churn_scoring_scoring.model import Baseline, TrainedModel
    from churn_scoring_scoring.score import score_in_parts

    model = TrainedModel(
        as_of=people.as_of,
        horizon=HORIZON,
        rung=2,
        mbg=models["mbg_nbd"],
        gamma_gamma=models["gamma_gamma"],
        logistic2=models["logistic"],
        discount_rate=0.1,
        baseline=Baseline(120, 1, 365),
    )

    def score_anew():
        # as in a process that has not scored by this model yet
        lifetime_value._KNOWN.clear()
        return score_in_parts(model, people)

    scores = score_anew()
    return {
        "score_s": round(timing.best(score_anew, TIMES), 4),
        "reasons_s": round(timing.best(lambda: explain(model, people), TIMES), 4),
        "scored": int(np.isfinite(scores["churn_probability"]).sum()),
    }


def _time_lifetimes(people, folder):
    """The same fits by lifetimes, once each: they take long."""
    sys.path.append(folder)
    warnings.simplefilter("ignore")
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter

    history = people.repeats, people.t_x, people.age
    found = {"lifetimes_s": {}, "lifetimes_parameters": {}}
    for name, fitter, arguments in (
        ("bg_nbd", BetaGeoFitter, history),
        ("mbg_nbd", ModifiedBetaGeoFitter, history),
        ("gamma_gamma", GammaGammaFitter, (people.orders, people.value)),
    ):
        model = fitter()
        seconds, _fitted = timing.stopwatch(model.fit, *arguments)
        found["lifetimes_s"][name] = round(seconds, 3)
        found["lifetimes_parameters"][name] = {
            key: round(float(value), 4) for key, value in model.params_.items()
        }
    return found


if __name__ == "__main__":
    child.run(main)
