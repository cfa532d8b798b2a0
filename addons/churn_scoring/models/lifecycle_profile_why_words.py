"""The parts of a score in the words of the customer's own past."""

from math import exp

from odoo import models

from .lifecycle_profile_why import NOTHING, get_logit

# A part of the logit from which it is strong, and below which it is slight.
_STRONG = 1.0
_SLIGHT = 0.3


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    def _explain_score(self, training, parts):
        """A score and its parts, as of :meth:`_explain_churn`.

        The stored probability decides.  It is written only when it moves by more than
        a screen shows, so the day's own parts may miss it by a little: that is a part
        of its own, and the sum is exact.

        :param parts: floats: ``baseline``, ``recency``, ``orders``, ``age``, and
            ``rest`` for what the large models add
        """
        logit = get_logit(self.churn_probability)
        baseline = parts["baseline"]
        texts = {
            "recency": self._say_recency(),
            "orders": self._say_orders(parts["orders"] > 0),
            "age": self._say_age(parts["age"] > 0),
            "rest": self.env._("Other patterns in its purchases"),
        }
        reasons = [
            {"code": code, "contribution": parts[code], "text": text}
            for code, text in texts.items()
            if parts.get(code)
        ]
        drift = logit - baseline - sum(reason["contribution"] for reason in reasons)
        reasons.append(
            {
                "code": "drift",
                "contribution": drift,
                "text": self.env._("Since the score was last written, and rounding"),
            }
        )
        for reason in reasons:
            reason["effect"] = self._say_effect(reason["contribution"])
        typical = 1 / (1 + exp(-baseline))
        return {
            "state": "score",
            "probability": self.churn_probability,
            "logit": logit,
            "baseline": baseline,
            "typical": typical,
            "headline": self.env._(
                "%(percent)s %% that no order comes within %(days)s days. A typical "
                "customer who has ordered lately: %(typical)s %%.",
                percent=round(100 * self.churn_probability),
                days=training.horizon_days,
                typical=round(100 * typical),
            ),
            "notes": self._get_churn_notes(),
            "reasons": sorted(reasons, key=lambda r: -abs(r["contribution"])),
        }

    def _explain_rule(self, company, training):
        """The same where there are no probabilities."""
        if not self.order_days:
            return {
                "state": "none",
                "headline": self.env._(
                    "Never bought, so there is nothing to say about churn yet."
                ),
                "notes": [],
                "reasons": [],
            }
        gap = self.gap_days or self._get_typical_gap(company)
        silent = (self._get_days_base() - self.last_order_date).days
        overdue = silent > 2 * max(gap, 1)
        if self.gap_days:
            text = self.env._(
                "%(days)s since the last order; two usual gaps of this customer are "
                "%(patience)s",
                days=self._say_span_days(silent),
                patience=self._say_span_days(round(2 * gap)),
            )
        else:
            text = self.env._(
                "%(days)s since the only order; two typical gaps of the company are "
                "%(patience)s",
                days=self._say_span_days(silent),
                patience=self._say_span_days(round(2 * gap)),
            )
        contribution = 1.0 if overdue else -1.0
        if training and training.rung != "0":
            why = self.env._("The score follows with the next nightly run.")
        elif training:
            why = self.env._(
                "The company has too little history for probabilities; a plain rule "
                "stands in: longer silent than twice the usual gap."
            )
        else:
            why = self.env._(
                "No model was trained yet; a plain rule stands in: longer silent than "
                "twice the usual gap."
            )
        return {
            "state": "rule",
            "headline": (
                self.env._("At risk by the rule.")
                if overdue
                else self.env._("Not at risk by the rule.")
            ),
            "notes": [why, *self._get_churn_notes()],
            "reasons": [
                {
                    "code": "recency",
                    "contribution": contribution,
                    "text": text,
                    "effect": self._say_effect(contribution),
                }
            ],
        }

    def _get_typical_gap(self, company):
        """Days between two purchases of the company's customers, by the last run."""
        # no secret: it is the median of all customers
        run = self.env["lifecycle.run"].sudo()._get_last_done(company)
        return run.gap_days or 0

    def _get_churn_notes(self):
        """How far to trust it."""
        notes = []
        today = self._get_days_base()
        if self.lapse_date and self.lapse_date <= today:
            notes.append(
                self.env._("Already lapsed: this customer is not at risk, it is gone.")
            )
        if self.churn_confidence and self.churn_confidence != "proven":
            field = self._fields["churn_confidence"]
            labels = dict(field._description_selection(self.env))
            notes.append(labels[self.churn_confidence] + ".")
        return notes

    # -- sentences -------------------------------------------------------------

    def _say_recency(self):
        days = (self._get_days_base() - self.last_order_date).days
        if days <= 0:
            since = self.env._("Ordered today")
        elif self.order_days > 1:
            since = self.env._(
                "%(days)s since the last order", days=self._say_span_days(days)
            )
        else:
            since = self.env._(
                "%(days)s since the only order", days=self._say_span_days(days)
            )
        if not self.gap_days:
            return since
        return self.env._(
            "%(since)s; usual gap %(gap)s",
            since=since,
            gap=self._say_span_days(round(self.gap_days)),
        )

    def _say_orders(self, raises):
        if raises and self.order_days == 1:
            return self.env._("Only 1 order so far")
        days = (self._get_days_base() - self.last_order_date).days
        if raises and days > self.gap_days > 0:
            # many orders raise the risk because of the silence after them
            return self.env._(
                "%(count)s orders, then none for %(days)s",
                count=self.order_days,
                days=self._say_span_days(days),
            )
        if raises:
            return self.env._("Only %(count)s orders so far", count=self.order_days)
        if self.order_days == 1:
            return self.env._("1 order")
        return self.env._("%(count)s orders", count=self.order_days)

    def _say_age(self, raises):
        days = (self._get_days_base() - self.first_order_date).days
        if days <= 0:
            return self.env._("Customer since today")
        span = self.env["churn.evidence"]._say_days(days)
        if not raises:
            return self.env._("Customer for %(span)s", span=span)
        # to be one for long is no reason to leave: to have bought so little is
        if self.order_days == 1:
            return self.env._("1 order in %(span)s", span=span)
        return self.env._(
            "%(count)s orders in %(span)s", count=self.order_days, span=span
        )

    def _say_span_days(self, days):
        if days == 1:
            return self.env._("1 day")
        return self.env._("%(count)s days", count=days)

    def _say_effect(self, contribution):
        """How much a part raises or lowers the risk, in words."""
        size = abs(contribution)
        if size < NOTHING:
            return self.env._("no effect")
        if contribution > 0:
            if size >= _STRONG:
                return self.env._("raises the risk strongly")
            if size >= _SLIGHT:
                return self.env._("raises the risk")
            return self.env._("raises the risk slightly")
        if size >= _STRONG:
            return self.env._("lowers the risk strongly")
        if size >= _SLIGHT:
            return self.env._("lowers the risk")
        return self.env._("lowers the risk slightly")
