"""Whether predictive lead scoring knows more with what a lead keeps of its customer.

    make db DB=leads MODULES=churn_scoring DEMO=0
    make shell DB=leads < benchmarks/lead_scoring.py

prints the quality of Odoo's own score without and with the stage and the risk that the
customer had when the lead was made.

The customers, what they bought and when are real: the CDNOW sample.  The stage and the
risk are those of the engine on the day of the lead, by what was known then.  Leads are
made up: of a share of the customers on one day of each month, and of strangers.  One of
a customer is won where the customer really bought within the next 90 days, and one in
ten of them turns out the other way; of the strangers' one in six is won.  So stage and
risk help as far as they really tell who will buy, and Odoo's fields as far as they are
said to (:data:`ODOO_TELLS`).

The score learns from the leads that were made first, and is asked about the others as
if they were open.  Nothing of it stays but the purchases.
"""

import csv
import io
import random
import sys
from datetime import timedelta
from pathlib import Path

OURS = ("lifecycle_stage_at_creation_id", "churn_risk_at_creation")
ODOO = "phone_state,email_state,source_id"
LEARN = 0.6
MONTHS = 12
DAYS = 90
SHARE = 0.25  # of the customers, each month
STRANGERS = 0.4  # of all leads
OTHERWISE = 0.1
WON_BY_STRANGERS = 1 / 6
# how often a field says this of a lead that is won, and of one that is lost
ODOO_TELLS = {
    "phone_state": ("correct", 0.8, 0.6),
    "email_state": ("correct", 0.95, 0.85),
    "source_id": (1, 0.5, 0.3),
}
SEED = 7


class _Undo(Exception):
    """Nothing of it stays."""


def area(scores, won):
    """Share of the pairs of a won and a lost lead where the won one scores higher."""
    import numpy as np
    from scipy.stats import rankdata

    won = np.asarray(won, dtype=bool)
    count = won.sum()
    if not 0 < count < len(won):
        return float("nan")
    above = rankdata(scores)[won].sum() - count * (count + 1) / 2
    return float(above / (count * (len(won) - count)))


def brier(scores, won):
    """Mean squared error of the probability, 0 is best."""
    errors = [
        (score / 100 - bool(result)) ** 2
        for score, result in zip(scores, won, strict=True)
    ]
    return sum(errors) / len(errors) if errors else float("nan")


def interval(one, other, won, draws=1000):
    """95 % interval of the difference of two areas, by resampling the leads."""
    import numpy as np

    chance = np.random.default_rng(SEED)
    one, other, won = map(np.asarray, (one, other, won))
    found = []
    for _draw in range(draws):
        drawn = chance.integers(0, len(won), len(won))
        found.append(area(one[drawn], won[drawn]) - area(other[drawn], won[drawn]))
    return np.quantile(found, [0.025, 0.975])


# -- leads ---------------------------------------------------------------------------


def read_scores(env, company, day):
    """``{contact id: (name of the stage, risk)}`` as of a day."""
    out = io.BytesIO()
    env["lifecycle.score"]._write_csv(company, day, out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode()))
    return {
        int(row["partner_id"]): (row["stage_id"], row.get("churn_risk") or None)
        for row in rows
    }


def make_leads(env, company):
    """Values of leads in the order of their days."""
    chance = random.Random(SEED)
    bought = {}
    env.cr.execute(
        "SELECT partner_id, date FROM lifecycle_history WHERE company_id = %s",
        [company.id],
    )
    for partner, day in env.cr.fetchall():
        bought.setdefault(partner, []).append(day)
    stages = {stage.name: stage.id for stage in env["lifecycle.stage"].search([])}
    last = max(day for days in bought.values() for day in days)
    leads = []
    for month in reversed(range(MONTHS)):
        day = last - timedelta(days=DAYS + 30 * month)
        scores = read_scores(env, company, day)
        known = sorted(p for p, days in bought.items() if min(days) <= day)
        asking = chance.sample(known, round(SHARE * len(known)))
        for partner in asking:
            stage, risk = scores.get(partner, (None, None))
            until = day + timedelta(days=DAYS)
            won = any(day < other <= until for other in bought[partner])
            if chance.random() < OTHERWISE:
                won = not won
            leads.append((day, partner, stages.get(stage), risk, won))
        for _stranger in range(round(len(asking) * STRANGERS / (1 - STRANGERS))):
            won = chance.random() < WON_BY_STRANGERS
            leads.append((day, None, None, None, won))
    return [(*lead, _make_fields(chance, lead[-1])) for lead in leads]


def _make_fields(chance, won):
    return {
        name: value if chance.random() < (if_won if won else if_lost) else None
        for name, (value, if_won, if_lost) in ODOO_TELLS.items()
    }


def insert_leads(env, company, leads):
    """The leads, closed as they were; ids in their order."""
    stage = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    first = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    sources = env["utm.source"].create([{"name": "Lead A"}, {"name": "Lead B"}])
    has_risk = OURS[1] in env["crm.lead"]._fields
    made = env["crm.lead"].create(
        [
            {
                "name": f"Lead {number}",
                "type": "opportunity",
                "company_id": company.id,
                "source_id": sources[0 if fields["source_id"] else 1].id,
                "stage_id": stage.id if won else first.id,
            }
            for number, (*_lead, won, fields) in enumerate(leads)
        ]
    )
    env.flush_all()
    for lead, (day, _partner, at, risk, won, fields) in zip(made, leads, strict=True):
        env.cr.execute(
            """UPDATE crm_lead SET create_date = %s, phone_state = %s,
                email_state = %s, active = %s, probability = %s, won_status = %s,
                lifecycle_stage_at_creation_id = %s WHERE id = %s""",
            [
                day,
                fields["phone_state"] or "incorrect",
                fields["email_state"] or "incorrect",
                won,
                100 if won else 0,
                "won" if won else "lost",
                at,
                lead.id,
            ],
        )
        if has_risk:
            env.cr.execute(
                "UPDATE crm_lead SET churn_risk_at_creation = %s WHERE id = %s",
                [risk, lead.id],
            )
    env.invalidate_all()
    return made


# -- the score -----------------------------------------------------------------------


def score(env, closed, names):
    """Scores of the newer leads as Odoo's own scheduled action would give them.

    :param closed: leads in the order of their days
    :param names: fields that the score may use, separated by commas
    """
    newer = closed[round(len(closed) * LEARN) :]
    stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    try:
        with env.cr.savepoint():
            env.cr.execute(
                """UPDATE crm_lead SET active = TRUE, stage_id = %s, probability = 50,
                    won_status = 'pending', date_closed = NULL
                WHERE id = ANY(%s)""",
                [stage.id, newer.ids],
            )
            env.invalidate_all()
            parameters = env["ir.config_parameter"]
            parameters.set_param("crm.pls_fields", names)
            parameters.set_param("crm.pls_start_date", "2000-01-01")
            closed._rebuild_pls_frequency_table()
            found = newer._pls_get_naive_bayes_probabilities(batch_mode=True)
            # nothing to go by: no tuple then
            found = found[0] if isinstance(found, tuple) else found
            raise _Undo
    except _Undo:
        env.invalidate_all(flush=False)
    return [found.get(lead.id, 50.0) for lead in newer]


def compare(env, company):
    leads = make_leads(env, company)
    results = {}
    try:
        with env.cr.savepoint():
            closed = insert_leads(env, company, leads)
            known = [name for name in OURS if name in closed._fields]
            for label, names in (
                ("Odoo's fields", [ODOO]),
                ("and the stage", [ODOO, known[0]]),
                ("and stage and risk", [ODOO, *known]),
            ):
                results[label] = score(env, closed, ",".join(names))
            raise _Undo
    except _Undo:
        env.invalidate_all(flush=False)
    newer = leads[round(len(leads) * LEARN) :]
    return newer, results


def show(newer, results):
    won = [lead[4] for lead in newer]
    customers = [index for index, lead in enumerate(newer) if lead[1]]
    print(f"{len(newer)} leads, {sum(won)} won; {len(customers)} of known customers")
    base = results["Odoo's fields"]
    for label, scores in results.items():
        low, high = interval(scores, base, won)
        of_known = area([scores[i] for i in customers], [won[i] for i in customers])
        print(
            f"{label}: AUC {area(scores, won):.3f} (difference {low:+.3f} to"
            f" {high:+.3f}), of known customers {of_known:.3f},"
            f" Brier score {brier(scores, won):.4f}"
        )


def main(env):
    sys.path.insert(0, str(Path.cwd()))
    from scripts.load_cdnow import load

    company = env["res.company"].search([], order="id", limit=1)
    if not env["lifecycle.history"].search_count([], limit=1):
        load(env, company)
        env.cr.commit()
    show(*compare(env, company))


if "env" in globals():
    main(globals()["env"])
