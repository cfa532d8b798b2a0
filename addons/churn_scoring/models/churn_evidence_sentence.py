"""Evidence in words."""

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.depends("kind", "figures", "amount", "date")
    @api.depends_context("lang")
    def _compute_sentence(self):
        sources = self._get_evidence_sources()
        for evidence in self:
            source = sources.get(evidence.kind)
            # of an addon that was removed, until the next night
            evidence.sentence = getattr(evidence, source[2])() if source else False

    # -- parts -----------------------------------------------------------------

    def _say_money(self, amount):
        """An amount in the currency of the company."""
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _say_day(self, day):
        """A day, of a date or of its ISO text."""
        return format_date(self.env, fields.Date.to_date(day), date_format="long")

    def _say_percent(self, share):
        return self.env._("%(number)s %%", number=round(share * 100))

    def _say_span(self, day):
        """How long ago a day was, roughly."""
        days = (self.company_id._get_lifecycle_today() - fields.Date.to_date(day)).days
        return self.env["churn.evidence"]._say_days(days)

    @api.model
    def _say_days(self, days):
        """A number of days in words: days, months or years."""
        if days == 1:
            return self.env._("1 day")
        if days < 61:
            return self.env._("%(count)s days", count=days)
        if days < 1096:
            return self.env._("%(count)s months", count=round(days / 30.44))
        return self.env._("%(count)s years", count=round(days / 365.25))

    # -- one for each kind -------------------------------------------------------

    def _say_credit_note(self):
        figures = self.figures
        document = figures.get("order") or figures.get("invoice")
        values = {
            "document": document,
            "day": self._say_day(self.date),
            "amount": self._say_money(self.amount),
        }
        if not document:
            return self.env._(
                "Credit note %(move)s on %(day)s (%(amount)s)",
                **{**values, "move": figures["move"]},
            )
        if figures.get("order"):
            if figures["full"]:
                return self.env._(
                    "Order %(document)s came back in full on %(day)s (%(amount)s)",
                    **values,
                )
            return self.env._(
                "Part of order %(document)s came back on %(day)s (%(amount)s)", **values
            )
        if figures["full"]:
            return self.env._(
                "Invoice %(document)s was credited in full on %(day)s (%(amount)s)",
                **values,
            )
        return self.env._(
            "Part of invoice %(document)s was credited on %(day)s (%(amount)s)",
            **values,
        )

    def _say_order_value(self):
        return self.env._(
            "The last 3 orders were %(share)s smaller than those before: "
            "%(recent)s on average instead of %(before)s",
            share=self._say_percent(
                1 - self.figures["recent"] / self.figures["before"]
            ),
            recent=self._say_money(self.figures["recent"]),
            before=self._say_money(self.figures["before"]),
        )

    def _say_discount(self):
        return self.env._(
            "Buys at a discount only: %(discounted)s of the last %(orders)s orders "
            "(%(amount)s given)",
            discounted=self.figures["discounted"],
            orders=self.figures["orders"],
            amount=self._say_money(self.amount),
        )

    def _say_category(self):
        return self.env._(
            "Silent in %(category)s for %(span)s; it was %(share)s of spend",
            category=self.figures["category"],
            span=self._say_span(self.figures["last"]),
            share=self._say_percent(self.figures["share"]),
        )

    def _say_price(self):
        names = self.figures["product"] or {}
        return self.env._(
            "%(product)s cost %(rise)s more on %(day)s than the time before "
            "(%(amount)s)",
            product=names.get(self.env.lang) or names.get("en_US") or "",
            rise=self._say_percent(self.figures["rise"]),
            day=self._say_day(self.date),
            amount=self._say_money(self.amount),
        )

    def _say_overdue(self):
        values = {
            "move": self.figures["move"],
            "amount": self._say_money(self.amount),
        }
        if self.figures.get("due"):
            return self.env._(
                "Invoice %(move)s is overdue for %(span)s (%(amount)s open)",
                span=self._say_span(self.figures["due"]),
                **values,
            )
        return self.env._(
            "Paid %(span)s late: invoice %(move)s (%(amount)s)",
            span=self._say_days(self.figures["days"]),
            **values,
        )

    def _say_salesperson(self):
        values = {"old": self.figures["old"], "day": self._say_day(self.date)}
        if not self.figures["new"]:
            return self.env._(
                "Has had no salesperson since %(day)s; it was %(old)s", **values
            )
        return self.env._(
            "The salesperson changed from %(old)s to %(new)s on %(day)s",
            new=self.figures["new"],
            **values,
        )

    def _say_opt_out(self):
        return self.env._(
            "%(email)s does not want mailings any more since %(day)s",
            email=self.figures["email"],
            day=self._say_day(self.date),
        )

    def _say_late_delivery(self):
        return self.env._(
            "Order %(order)s was delivered %(span)s late (%(picking)s)",
            order=self.figures["order"],
            span=self._say_days(self.figures["days"]),
            picking=self.figures["picking"],
        )
