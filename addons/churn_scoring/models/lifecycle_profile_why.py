"""Why a customer has its score: computed when somebody looks, never stored.

The parts of a score are exact Shapley values on the scale of the logit (see
:mod:`..scoring.explain`): how much the days since the last order, the number of orders
and the age of the customer raise or lower the risk, beside the customer in the middle
of those who ordered lately.  Beside them stands what happened: the evidence.
"""

from collections import defaultdict
from math import log

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.lifecycle_crm.scoring.days import day_number

# A probability of exactly 0 or 1 (rounded) has no finite logit.
_EDGE = 1e-9
# Lines of evidence on the panel, and what is worth a place in a list.
EVIDENCE_LINES = 6
# A smaller part of the logit is none.
NOTHING = 0.005
_LATELY_MONTHS = 6
_SEVERE = 0.5


def get_logit(probability):
    """Natural logarithm of the odds.

    >>> get_logit(0.5)
    0.0
    """
    p = min(max(probability, _EDGE), 1 - _EDGE)
    return log(p / (1 - p))


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    churn_why = fields.Json(
        string="Why",
        compute="_compute_churn_why",
        help="What raises and what lowers the churn risk of this customer, beside a "
        "typical customer who has ordered lately, and what happened to it.",
    )
    churn_reason_top = fields.Char(
        string="Main Reason",
        compute="_compute_churn_reason_top",
        help="What raises the churn risk of this customer most, and the worst that "
        "happened in the last six months.",
    )

    # the score is written when its facts are; the day does the rest
    @api.depends(
        "churn_probability",
        "churn_method",
        "churn_confidence",
        "last_order_date",
        "order_days",
        "gap_days",
        "lapse_date",
    )
    @api.depends_context("lang", "lifecycle_as_of", "company", "uid")
    def _compute_churn_why(self):
        explained = self._explain_churn()
        lines = self._get_evidence()
        for profile in self:
            evidence = lines[profile.partner_id.id, profile.company_id.id]
            profile.churn_why = {
                **explained[profile.id],
                "evidence": [
                    profile._show_evidence(line) for line in evidence[:EVIDENCE_LINES]
                ],
                "more": max(0, len(evidence) - EVIDENCE_LINES),
            }

    @api.depends(
        "churn_probability",
        "churn_method",
        "churn_confidence",
        "last_order_date",
        "order_days",
        "gap_days",
    )
    @api.depends_context("lang", "lifecycle_as_of", "company", "uid")
    def _compute_churn_reason_top(self):
        explained = self._explain_churn()
        since = self._get_days_base() - relativedelta(months=_LATELY_MONTHS)
        severe = [("date", ">=", since), ("weight", ">=", _SEVERE)]
        lines = self._get_evidence(severe)
        for profile in self:
            reasons = explained[profile.id]["reasons"]
            raising = [reason for reason in reasons if reason["contribution"] > NOTHING]
            texts = []
            if raising:
                top = max(raising, key=lambda reason: reason["contribution"])
                texts.append(top["text"])
            evidence = lines[profile.partner_id.id, profile.company_id.id]
            if evidence:
                worst = max(evidence, key=lambda line: (line.weight, line.date))
                texts.append(worst.sentence)
            profile.churn_reason_top = " · ".join(texts) or False

    # -- evidence ----------------------------------------------------------------

    def _get_evidence(self, domain=()):
        """Lines of these customers that the user may see: ``{(partner, company):
        [line]}``, newest first."""
        found = self.env["churn.evidence"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("date", "<=", self._get_days_base()),
                *domain,
            ]
        )
        lines = defaultdict(list)
        for line in found:
            lines[line.partner_id.id, line.company_id.id].append(line)
        return lines

    def _show_evidence(self, line):
        return {
            "id": line.id,
            "date": fields.Date.to_string(line.date),
            "text": line.sentence,
            "weight": line.weight,
            # whoever may not read the document gets no link
            "link": line.can_open,
        }

    # -- parts of the score --------------------------------------------------------

    def _explain_churn(self):
        """What made the score: ``{profile id: dict}``, the same few queries for many.

        ``state``: "none" (never bought), "rule" (no probabilities) or "score".
        ``reasons``: dicts of ``code``, ``contribution``, ``text``, ``effect``, the
        largest first.  For a score also ``probability``, ``logit``, ``typical`` (the
        probability of the typical customer) and ``baseline`` (its logit): the
        contributions are on the scale of the logit and sum to ``logit - baseline``.
        """
        result = {}
        # to read a customer's profile is to read why; the parameters stay inside
        trainings = self.env["churn.model"].sudo()
        for company, profiles in self.grouped("company_id").items():
            model = trainings._get_active(company)
            scored = profiles.filtered(lambda p, m=model: p._has_score(m))
            result.update(scored._explain_scores(model))
            for profile in profiles - scored:
                result[profile.id] = profile._explain_rule(company, model)
        return result

    def _has_score(self, model):
        return bool(
            model
            and model.rung != "0"
            and self.order_days
            and self.churn_method not in (False, "rule")
        )

    def _explain_scores(self, training):
        """The parts of scores that a model made.

        :param training: the active ``churn.model`` of the company of all of these
        """
        if not self:
            return {}
        import numpy as np

        from ..scoring.customers import Customers
        from ..scoring.explain import explain

        model = training._load()
        today = day_number(self._get_days_base())
        profiles = self.sorted(lambda profile: profile.partner_id.id)
        rows = profiles.sudo()  # the offset is for managers; only its effect is shown
        customers, _mask = Customers.from_facts(
            {
                "partner_id": rows.partner_id.ids,
                "order_days": rows.mapped("order_days"),
                "first_order_date": [day_number(r.first_order_date) for r in rows],
                "last_order_date": [day_number(r.last_order_date) for r in rows],
                "revenue_total": rows.mapped("clv_historic"),
            },
            today,
        )
        offset = np.array(rows.mapped("churn_offset"), dtype=float)
        parts = explain(model, customers, offset if model.needs_features else None)
        return {
            profile.id: profile._explain_score(
                training, {name: float(parts[name][n]) for name in parts}
            )
            for n, profile in enumerate(profiles)
        }

    # -- actions -------------------------------------------------------------------

    def action_view_churn_evidence(self):
        """All lines of evidence of this customer in its company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_evidence"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
