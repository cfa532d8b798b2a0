from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

# never comes to an end where the clock is frozen: the engine imports it in its runs
import pandas  # noqa: F401

from odoo.tests import TransactionCase, freeze_time

from .trade import TradeMixin, noon

# A Monday.  The clock of every test stands there unless the test moves it.
TODAY = date(2026, 6, 15)


class LifecycleCase(TradeMixin, TransactionCase):
    """A company of its own (US dollars, UTC) and short ways to trade in it.

    ``self.today`` is :data:`TODAY`; ``self.at(day)`` moves the clock.
    """

    freeze_time = freeze_time(noon(TODAY))
    today = TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "tracking_disable": True,
                "no_reset_password": True,
                "mail_create_nosubscribe": True,
            }
        )
        # what the installation asked for is not what a test waits for
        cls.env["lifecycle.run"].search([("state", "=", "pending")]).unlink()
        cls.usd = cls._currency("USD")
        cls.company = cls._create_company("Lifecycle Test Company")
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Lifecycle Test Product",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )

    # -- the engine ------------------------------------------------------------

    @staticmethod
    def at(day):
        """Context in which the clock stands at noon UTC of a day, or at a moment."""
        return freeze_time(noon(day))

    @contextmanager
    def _no_commit(self):
        """A scheduled action that never runs out of time and never commits."""
        with patch.object(
            self.registry["ir.cron"],
            "_commit_progress",
            lambda self, *args, **kwargs: float("inf"),
        ):
            yield

    def _process_pending(self):
        with self._no_commit():
            self.env["lifecycle.run"]._process_pending()

    def _recompute(self, company=None, day=None, reason="manual", quiet=False):
        """Ask for a run of a company and do it.

        :param day: move the clock there, default where it stands
        :return: the run, which must have worked
        """
        if day is not None:
            with self.at(day):
                return self._recompute(company, reason=reason, quiet=quiet)
        run = self.env["lifecycle.run"]._request(company or self.company, reason, quiet)
        self._process_pending()
        self.assertEqual(run.mapped("state"), ["done"] * len(run), run.mapped("error"))
        return run

    @classmethod
    def _drop_payment_providers(cls, company):
        """Those that some of Odoo's modules give to each company, and keep it for."""
        if "payment.provider" in cls.env:
            providers = cls.env["payment.provider"].sudo()
            providers.search([("company_id", "=", company.id)]).unlink()

    # -- marks -----------------------------------------------------------------

    def _refresh(self):
        """The scheduled action that refreshes who was marked."""
        self.env.cr.flush()
        with self._no_commit():
            self.env["lifecycle.dirty"]._cron_refresh()

    def _dirty(self):
        """What was marked since the last call, as pairs of contact and company.

        As at the end of a transaction: all is flushed, the precommit hooks run.
        """
        self.env.cr.flush()
        marks = self.env["lifecycle.dirty"].search([])
        pairs = {(mark.partner_id, mark.company_id) for mark in marks}
        marks.sudo().unlink()
        return pairs

    def _get_own(self, names):
        """Those that are fields of the profile in this addon, not in another one."""
        known = self.env["lifecycle.profile"]._fields
        own = ((), ("lifecycle_crm",))  # the first: Odoo's own, as the id
        return [name for name in names if known[name]._modules[:1] in own]

    def _facts(self, partner, *names, company=None):
        """Some fields of the one profile of a customer, as a tuple."""
        profile = self._profile(partner, company)
        self.assertEqual(len(profile), 1)
        return tuple(profile[name] for name in names)

    def _profile(self, partner, company=None):
        """The profile of a contact's customer, empty where there is none."""
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        return profiles.search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _transitions(self, partner, kind="stage", company=None):
        """The transitions of a customer, oldest first."""
        return self.env["lifecycle.transition"].search(
            [
                ("partner_id", "=", partner.id),
                ("kind", "=", kind),
                ("company_id", "=", (company or self.company).id),
            ],
            order="id",
        )

    def _stage(self, name):
        """One of the default stages, by the end of its external name."""
        return self.env.ref(f"lifecycle_crm.stage_{name}")
