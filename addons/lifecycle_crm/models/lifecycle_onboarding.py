"""The first hour: what is decided about the scores, and how far they are.

A panel of the dashboard asks it, for managers only.  It says what the company's own
purchases propose, takes two decisions and follows the first computation.
"""

import base64

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import file_open, formatLang

from ..scoring.rhythm import MIN_GAPS, MIN_LAPSE_DAYS
from .lifecycle_work_mixin import OPEN

# Documents are counted up to here: it is only said which source has any.
_COUNT_LIMIT = 10_000
_SAMPLE = "lifecycle_crm/static/sample/purchases.csv"


class LifecycleOnboarding(models.AbstractModel):
    _name = "lifecycle.onboarding"
    _description = "First Steps with the Lifecycle"

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("lifecycle_crm.group_lifecycle_manager")

    @api.model
    def _is_wanted(self):
        """Whether the dashboard of the user may have the panel."""
        return self.env.company.lifecycle_onboarding != "done" and self._is_manager()

    @api.model
    def get_data(self):
        """What the panel shows of the current company.

        :return: False where there is nothing to do, or for who is no manager; else a
            dictionary of JSON values, days as whole numbers, shares in percent
        """
        company = self.env.company
        if not self._is_wanted():
            return False
        progress = self._get_progress(company)
        confirmed = company.lifecycle_onboarding == "confirmed"
        if confirmed and not progress["busy"] and progress["scored"]:
            return False
        sources = self._get_sources(company)
        return {
            "company": company.display_name,
            "confirmed": confirmed,
            "source": company.lifecycle_source,
            "sources": sources,
            "value": self._get_value_text(company),
            "lapse_auto": company.lifecycle_lapse_auto,
            "lapse_days": company.lifecycle_lapse_days,
            "rhythm": self._get_rhythm(company),
            "empty": not any(source["count"] for source in sources)
            and not self._has_history(company),
            **progress,
        }

    @api.model
    def _get_sources(self, company):
        """The choices of the setting, each with the documents that there are."""
        # only how many: the manager decides what counts, without reading any
        orders = self.env["sale.order"].sudo()
        moves = self.env["account.move"].sudo()
        own = ("company_id", "=", company.id)
        counts = {
            "sale_order": orders.search_count(
                [own, ("state", "=", "sale")], limit=_COUNT_LIMIT
            ),
            "invoice": moves.search_count(
                [own, ("state", "=", "posted"), ("move_type", "=", "out_invoice")],
                limit=_COUNT_LIMIT,
            ),
        }
        choices = company._fields["lifecycle_source"]._description_selection(self.env)
        return [
            {"value": value, "label": label, "count": counts.get(value, 0)}
            for value, label in choices
        ]

    @api.model
    def _has_history(self, company):
        history = self.env["lifecycle.history"].sudo()  # only whether there is any
        return bool(history.search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _get_value_text(self, company):
        """What the value of a purchase is, in words.

        An addon that knows margins says so here.
        """
        return self.env._(
            "Untaxed amounts less returns, in %(currency)s at the exchange rate of the "
            "day of each purchase.",
            currency=company.currency_id.name,
        )

    @api.model
    def _get_rhythm(self, company):
        """What the last run found in the company's own purchases.

        :return: False before the first run, else a dictionary: ``median`` and
            ``lapse`` in days, ``customers`` (with two days of purchase or more) and
            ``gaps`` it rests on, ``enough`` (of these to learn from), ``shortest``
            (whether the lapse period is the shortest that is proposed)
        """
        run = self.env["lifecycle.run"]._get_last_done(company)
        if not run:
            return False
        [(customers, days)] = self.env["lifecycle.profile"]._read_group(
            [("company_id", "=", company.id), ("order_days", ">", 1)],
            aggregates=["__count", "order_days:sum"],
        )
        gaps = (days or 0) - customers
        return {
            "median": round(run.gap_days),
            "lapse": run.lapse_days,
            "customers": customers,
            "gaps": gaps,
            "enough": gaps >= MIN_GAPS,
            "shortest": run.lapse_days == MIN_LAPSE_DAYS,
        }

    @api.model
    def _get_progress(self, company):
        """How far the first computation and the monthly history are."""
        [health] = self.env["lifecycle.health"].search(
            [("company_id", "=", company.id)]
        )
        history = health.rebuild_id
        run_busy = health.state in OPEN
        history_busy = history.state in OPEN
        text = ""
        if history:
            text = self.env._(
                "%(done)s of %(total)s months",
                done=formatLang(self.env, history.done_count, digits=0),
                total=formatLang(self.env, history.month_count, digits=0),
            )
        return {
            "run_state": health.state,
            "run_progress": round(health.progress) if run_busy else 0,
            "run_text": health.progress_text or "",
            "run_error": health.error_line or "",
            "customers": health.customer_count,
            "history_state": history.state or False,
            "history_progress": round(history.progress) if history else 0,
            "history_text": text,
            "scored": bool(health.last_run_id),
            "busy": run_busy or history_busy,
        }

    # -- buttons ---------------------------------------------------------------

    @api.model
    def _get_company_to_write(self):
        if not self._is_manager():
            raise AccessError(
                self.env._("Only a lifecycle manager can do the first steps.")
            )
        # companies are written by administrators; these fields are rules of the
        # lifecycle, which its managers decide, of a company that they are in
        return self.env.company.sudo()

    @api.model
    def confirm(self, source, lapse_auto, lapse_days):
        """Keep what was decided; customers are computed anew where it changed.

        :param source: a value of ``res.company.lifecycle_source``
        :param lapse_auto: whether the lapse period is found in the purchases
        :param lapse_days: else its days
        :return: as :meth:`get_data`
        :raise ValidationError: for values that cannot be used
        """
        company = self._get_company_to_write()
        choices = dict(
            company._fields["lifecycle_source"]._description_selection(self.env)
        )
        if source not in choices:
            raise ValidationError(
                self.env._(
                    "“Purchases are counted from” is “%(value)s”. Choose one of: "
                    "%(choices)s.",
                    value=source,
                    choices=", ".join(choices.values()),
                )
            )
        values = {
            "lifecycle_source": source,
            "lifecycle_lapse_auto": bool(lapse_auto),
            "lifecycle_onboarding": "confirmed",
        }
        if not lapse_auto:
            try:
                values["lifecycle_lapse_days"] = int(lapse_days)
            except (TypeError, ValueError):
                raise ValidationError(
                    self.env._(
                        "“Lapsed after (days)” is “%(value)s”. Enter a whole number.",
                        value=lapse_days,
                    )
                ) from None
        company.write(values)
        return self.get_data()

    @api.model
    def close(self):
        """Take the panel away for all managers of the company."""
        self._get_company_to_write().lifecycle_onboarding = "done"
        return False

    @api.model
    def action_import_sample(self):
        """The import wizard with a small file of made-up purchases in it."""
        with file_open(_SAMPLE, "rb") as file:
            data = file.read()
        wizard = self.env["lifecycle.import.wizard"].create(
            {
                "file": base64.b64encode(data),
                "file_name": "purchases.csv",
                "create_missing": True,
                "shift_dates": True,
            }
        )
        return wizard.action_read()
