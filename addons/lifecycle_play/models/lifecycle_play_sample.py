"""Customers to try templates on, also before anybody has entered."""

from contextlib import contextmanager

from odoo import fields, models
from odoo.tools import SQL

_SAMPLES = 3


class _Undo(Exception):
    """Nothing of it stays."""


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    @contextmanager
    def _sample_ids(self, model, partners=None):
        """Ids of records of a model to render for; what had to be made is undone.

        :param partners: customers, default some of the company
        """
        self.ensure_one()
        company = self.play_id.company_id
        if partners is None:
            # to try whether it can be filled in; nothing of it is shown
            profiles = self.env["lifecycle.profile"].sudo()
            profiles = profiles.search(
                [("company_id", "=", company.id)], limit=_SAMPLES, order="id"
            )
            partners = profiles.partner_id or company.partner_id
        if model == "res.partner":
            yield partners.ids
        elif model == "lifecycle.profile":
            yield self._sample_profiles(partners).ids
        else:
            try:
                with self.env.cr.savepoint():
                    yield self._make_ways(partners)
                    raise _Undo
            except _Undo:
                self.env.invalidate_all(flush=False)

    def _sample_profiles(self, partners):
        return (
            self.env["lifecycle.profile"]
            .sudo()  # as the step will be done; the caller knows the customers
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", self.play_id.company_id.id),
                ]
            )
        )

    def _make_ways(self, partners):
        """Enrollments as these customers would have them; to be undone."""
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO lifecycle_play_enrollment (play_id, partner_id,
                    profile_id, company_id, arm, state, source, entered_date,
                    entered_day)
                SELECT %s, p.id, profile.id, %s, 'treated', 'done', 'hand', %s, %s
                FROM res_partner p LEFT JOIN lifecycle_profile profile
                    ON profile.partner_id = p.id AND profile.company_id = %s
                WHERE p.id = ANY(%s) ORDER BY array_position(%s, p.id)
                RETURNING id""",
                self.play_id.id,
                self.play_id.company_id.id,
                now,
                self.play_id.company_id._get_lifecycle_today(),
                self.play_id.company_id.id,
                partners.ids,
                partners.ids,
            )
        )
        return [enrollment_id for (enrollment_id,) in rows]
