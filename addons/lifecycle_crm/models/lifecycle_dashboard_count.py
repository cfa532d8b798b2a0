"""Counts of large companies, kept for minutes: one pass over a million customers takes
longer than anybody wants to wait for a screen.

Companies of fewer customers are counted when somebody looks, so their dashboard is
never behind.  So is a dashboard of one team or owner, and of a user whom rules show
only some of the customers.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Customers from which counts are kept.
LARGE = 100_000
# The scheduled action counts every five minutes; what is older is not shown.
_MINUTES = 15


class LifecycleDashboardCount(models.Model):
    """The counts of one company: what :meth:`LifecycleDashboard._read_cells` says."""

    _name = "lifecycle.dashboard.count"
    _description = "Counts of the Dashboard"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, readonly=True)
    cells = fields.Json(readonly=True)

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "There is one row per company."
    )

    @api.model
    def _cron_count(self):
        """Count the companies that are large enough."""
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        large = companies.filtered(lambda company: self._is_large(company))
        self.search([("company_id", "not in", large.ids)]).unlink()
        for number, company in enumerate(large, 1):
            self._count(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(large) - number)

    @api.model
    def _is_large(self, company):
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        owned = Domain("company_id", "=", company.id)
        return profiles.search_count(owned, limit=LARGE) == LARGE

    @api.model
    def _count(self, company):
        """Write down the counts of a company as they are now."""
        dashboard = self.env["lifecycle.dashboard"].with_company(company)
        values = {
            "cells": dashboard._count_cells(Domain.TRUE),
            "date": fields.Datetime.now(),
        }
        if kept := self.search([("company_id", "=", company.id)]):
            kept.write(values)
        else:
            self.create({**values, "company_id": company.id})

    @api.model
    def _get_kept(self):
        """What is kept of the current company; empty if it is too old."""
        since = fields.Datetime.now() - timedelta(minutes=_MINUTES)
        # sums of the company, for who may read all of its customers: see below
        return self.sudo().search(
            [("company_id", "=", self.env.company.id), ("date", ">=", since)]
        )


class LifecycleDashboard(models.AbstractModel):
    _inherit = "lifecycle.dashboard"

    @api.model
    def _read_cells(self, scope):
        counts = self.env["lifecycle.dashboard.count"]
        whole = scope["owned"].is_true() and self._sees_everybody()
        if whole and (kept := counts._get_kept()):
            scope["counted"] = kept.date
            return kept.cells
        return super()._read_cells(scope)

    @api.model
    def _sees_everybody(self):
        """Whether no rule but that of the companies keeps customers from the user."""
        profiles = self.env["lifecycle.profile"]
        rule = self.env["ir.rule"]._compute_domain(profiles._name, "read")
        companies = Domain("company_id", "in", self.env.companies.ids)
        return rule == companies.optimize(profiles)

    @api.model
    def _get_parts(self, scope):
        parts = super()._get_parts(scope)
        counted = scope.get("counted")
        return {**parts, "counted": counted and fields.Datetime.to_string(counted)}
