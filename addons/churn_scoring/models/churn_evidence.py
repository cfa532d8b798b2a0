"""What happened to a customer that may make it leave, as dated lines with links.

A line is found by a source, one SELECT over the documents of the company; see
:mod:`churn_evidence_sources`.  Nobody writes it by hand: every night what the sources
find is compared with what is stored, and only the difference is written.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ChurnEvidence(models.Model):
    """One line of evidence about one customer in one company.

    ``figures`` holds what the sentence needs (names, days as ISO text, plain numbers),
    so that a line says the same when its document has changed, and can be said in the
    language of whoever reads it.
    """

    _name = "churn.evidence"
    _description = "Evidence of Churn"
    _order = "date desc, weight desc, id desc"
    _rec_name = "sentence"
    _rec_names_search = ["partner_id"]  # sentences are made when they are read
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        help="The company or the person who buys. What happened to its contacts "
        "counts.",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="Day on which it happened, in the time zone of the company.",
    )
    kind = fields.Selection(
        selection="_selection_kind",
        required=True,
        readonly=True,
        help="What happened.",
    )
    source_key = fields.Char(
        required=True,
        readonly=True,
        help="Tells the lines of one kind and customer apart, from day to day.",
    )
    figures = fields.Json(
        readonly=True, help="Names, days and numbers that the sentence is made of."
    )
    amount = fields.Monetary(
        string="Amount at Stake",
        readonly=True,
        help="What it is about, untaxed unless it is about a payment, in the currency "
        "of the company: what came back, what is overdue, what was bought of the "
        "silent category in the year before, what a higher price cost more. Empty "
        "where no amount belongs to it.",
    )
    weight = fields.Float(
        string="Severity",
        readonly=True,
        digits=(3, 2),
        aggregator="avg",
        help="From 0, hardly worth mentioning, to 1, as bad as this kind gets. It "
        "orders the lines; the churn probability is not made from it.",
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    as_of = fields.Date(
        required=True,
        readonly=True,
        help="Day on which the line was found, or was last found to be different.",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    sentence = fields.Char(
        string="What Happened",
        compute="_compute_sentence",
        help="The line in words. Spans of time are counted up to today.",
    )

    can_open = fields.Boolean(
        compute="_compute_can_open",
        help="The document behind the line exists, and you may read it.",
    )

    _source_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, kind, source_key)",
        "A line of evidence is kept once.",
    )
    _company_date_idx = models.Index("(company_id, kind, date)")

    @api.model
    def _selection_kind(self):
        return [
            (kind, source[0]) for kind, source in self._get_evidence_sources().items()
        ]

    @api.depends("sentence")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for evidence in self:
            evidence.display_name = evidence.sentence

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_open(self):
        """One query per kind of document: who may read lines may not read them all."""
        for name, lines in self.grouped("res_model").items():
            documents = self.env.get(name)
            if documents is None or not documents.has_access("read"):
                lines.can_open = False
                continue
            readable = documents.with_context(active_test=False).search(
                [("id", "in", lines.mapped("res_id"))]
            )
            for line in lines:
                line.can_open = line.res_id in readable._ids

    # -- actions ---------------------------------------------------------------

    def action_open_document(self):
        """Open the document behind the line, with the user's own rights."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(
                self.env._("The application this document belongs to is not installed.")
            )
        document = self.env[self.res_model].browse(self.res_id)
        document.check_access("read")
        if not document.exists():
            raise UserError(
                self.env._(
                    "The document has been deleted. The line goes with the next "
                    "nightly run."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_open_profile(self):
        """Open the customer whom the line is about."""
        self.ensure_one()
        profile = self.env["lifecycle.profile"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "lifecycle.profile",
            "res_id": profile.id,
            "views": [(False, "form")],
        }
