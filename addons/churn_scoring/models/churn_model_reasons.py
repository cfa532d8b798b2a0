"""What a higher level needs, and what spoke against it, in plain words."""

from odoo import models


class ChurnModel(models.Model):
    _inherit = "churn.model"

    def _say_reasons(self, reasons):
        """Sentences of the codes of the kernel, one a line; False without any."""
        return "\n".join(map(self._say_reason, reasons or [])) or False

    def _say_reason(self, reason):
        have, need = reason.get("have"), reason.get("need")
        sentences = {
            "few_customers": self.env._(
                "%(have)s customers have ordered; it takes %(need)s.",
                have=_count(have),
                need=_count(need),
            ),
            "few_repeaters": self.env._(
                "%(have)s customers have ordered on more than one day; it takes "
                "%(need)s.",
                have=_count(have),
                need=_count(need),
            ),
            "short_history": self.env._(
                "The history is %(have)s days long; it takes %(need)s.",
                have=_count(have),
                need=_count(need),
            ),
            "few_left": self.env._(
                "%(have)s customers left within the horizon before the last one; to "
                "prove a model it takes %(need)s.",
                have=_count(have),
                need=_count(need),
            ),
            "few_stayed": self.env._(
                "%(have)s customers stayed within the horizon before the last one; to "
                "prove a model it takes %(need)s.",
                have=_count(have),
                need=_count(need),
            ),
            "no_scikit_learn": self.env._(
                "The Python package scikit-learn is not installed on the server."
            ),
            "no_better_than_base": self.env._(
                "Its probabilities are hardly better than giving everybody the "
                "average: %(have)s %% of the error is taken away, it takes more than "
                "%(need)s %%.",
                have=_percent(have),
                need=_percent(need),
            ),
            "weak_ranking": self.env._(
                "It hardly ranks better than chance: %(have)s of 100 pairs rightly, "
                "it takes %(need)s.",
                have=_percent(have),
                need=_percent(need),
            ),
            "off_in_the_large": self.env._(
                "The share that it said would leave is off by %(have)s points; at most "
                "%(need)s are allowed.",
                have=_percent(have),
                need=_percent(need),
            ),
            "at_bounds": self.env._(
                "The purchases do not look like those the model was made for: a "
                "parameter ended at its limit."
            ),
            "not_finite": self.env._("A number could not be computed."),
            "not_tested": self.env._(
                "It could not be tried on the past: what it needs could not be learned "
                "from what was known then."
            ),
            "nothing_to_learn": self.env._(
                "There are too few customers who left, or who stayed, to learn from."
            ),
            "no_backtest": self.env._(
                "There are too few customers who left, or who stayed, to judge it."
            ),
        }
        code = reason.get("code")
        return sentences.get(code) or self.env._("Reason: %(code)s.", code=code)


def _count(number):
    return f"{round(number or 0):,}"


def _percent(share):
    return f"{100 * abs(share or 0):.1f}"
