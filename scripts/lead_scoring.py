"""Whether predictive lead scoring knows more with what a lead keeps of its customer.

``make shell DB=lifecycle < scripts/lead_scoring.py`` prints the quality of Odoo's own
score without and with the stage and the risk at creation.  The score learns from the
closed leads that were made first, and is asked about the others as if they were open.
Nothing of it stays.
"""

OURS = ("lifecycle_stage_at_creation_id", "churn_risk_at_creation")
ODOO = "phone_state,email_state,state_id,country_id,source_id,lang_id"
LEARN = 0.6


class _Undo(Exception):
    """Nothing of it stays."""


def area(scores, won):
    """Share of the pairs of a won and a lost lead where the won one scores higher."""
    pairs = better = 0.0
    for score, result in zip(scores, won, strict=True):
        if not result:
            continue
        for other, lost in zip(scores, won, strict=True):
            if not lost:
                pairs += 1
                better += (score > other) + 0.5 * (score == other)
    return better / pairs if pairs else float("nan")


def brier(scores, won):
    """Mean squared error of the probability, 0 is best."""
    errors = [
        (score / 100 - bool(result)) ** 2
        for score, result in zip(scores, won, strict=True)
    ]
    return sum(errors) / len(errors) if errors else float("nan")


def score(env, names):
    """Scores of the newer leads, and whether they were won.

    :param names: fields that the score may use, separated by commas
    """
    leads = env["crm.lead"].with_context(active_test=False)
    closed = leads.search(
        [("won_status", "in", ("won", "lost"))], order="create_date, id"
    )
    newer = closed[round(len(closed) * LEARN) :]
    won = [lead.won_status == "won" for lead in newer]
    stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    env.flush_all()
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
            leads._rebuild_pls_frequency_table()
            found = newer._pls_get_naive_bayes_probabilities(batch_mode=True)
            # nothing to go by: no tuple then
            found = found[0] if isinstance(found, tuple) else found
            raise _Undo
    except _Undo:
        env.invalidate_all(flush=False)
    return [found.get(lead.id, 50.0) for lead in newer], won


def compare(env):
    """``{what it uses: (leads, area, Brier score)}``"""
    known = [name for name in OURS if name in env["crm.lead"]._fields]
    results = {}
    for label, names in (
        ("Odoo's fields", ODOO),
        ("with stage and risk", ",".join([ODOO, *known])),
    ):
        scores, won = score(env, names)
        results[label] = (len(won), area(scores, won), brier(scores, won))
    return results


if "env" in globals():
    for label, (count, quality, error) in compare(env).items():
        print(f"{label}: {count} leads, AUC {quality:.3f}, Brier score {error:.4f}")
