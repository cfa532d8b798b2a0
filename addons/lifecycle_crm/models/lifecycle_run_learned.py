"""What a run learned from all customers, in words."""

from odoo import api, fields, models
from odoo.tools import format_amount, formatLang


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    rfm_recency_bounds = fields.Char(
        string="Recency Scores",
        compute="_compute_rfm_bounds",
        help="Days since the last purchase, at most, for each score. Until the next "
        "run, customers to whom something happens are scored by it.",
    )
    rfm_frequency_bounds = fields.Char(
        string="Frequency Scores",
        compute="_compute_rfm_bounds",
        help="Orders within the RFM window, at least, for each score.",
    )
    rfm_monetary_bounds = fields.Char(
        string="Monetary Scores",
        compute="_compute_rfm_bounds",
        help="Net revenue within the RFM window, at least, for each score.",
    )

    @api.depends("learned", "company_id.currency_id")
    def _compute_rfm_bounds(self):
        for run in self:
            bounds = (run.learned or {}).get("rfm") or {}
            for name in ("recency", "frequency", "monetary"):
                words = getattr(run, f"_get_{name}_words")
                known = [bound for bound in bounds.get(name, []) if bound is not None]
                run[f"rfm_{name}_bounds"] = (
                    # none: nobody bought within the window
                    run._get_bounds_text(bounds[name], *words()) if known else False
                )

    def _get_recency_words(self):
        """How a bound is said, and what is beyond the last one."""

        def say(bound):
            # counted down: fewer days are better
            days = formatLang(self.env, -bound, digits=0)
            return self.env._("up to %(days)s days", days=days)

        return say, self.env._("longer ago")

    def _get_frequency_words(self):
        def say(bound):
            orders = formatLang(self.env, bound, digits=0)
            return self.env._("%(orders)s or more", orders=orders)

        return say, self.env._("fewer")

    def _get_monetary_words(self):
        currency = self.company_id.sudo().currency_id  # no secret

        def say(bound):
            amount = format_amount(self.env, bound, currency)
            return self.env._("from %(amount)s", amount=amount)

        return say, self.env._("less")

    @api.model
    def _get_bounds_text(self, bounds, say, rest):
        """One line such as "5: up to 30 days; 4: up to 90 days; …; 1: longer ago".

        :param bounds: lower bounds of the scores 2 to 5, None where nobody gets there;
            two that are equal leave nobody between them
        """
        parts, above = [], None
        for score, bound in zip((5, 4, 3, 2), reversed(bounds), strict=True):
            taken = bound is not None and bound != above
            text = say(bound) if taken else self.env._("nobody")
            parts.append(self.env._("%(score)s: %(bound)s", score=score, bound=text))
            above = bound
        parts.append(self.env._("%(score)s: %(bound)s", score=1, bound=rest))
        return "; ".join(parts)
