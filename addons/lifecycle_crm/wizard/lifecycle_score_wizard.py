from odoo import api, fields, models


class LifecycleScoreWizard(models.TransientModel):
    _name = "lifecycle.score.wizard"
    _description = "Scores of a Day"

    as_of = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_lifecycle_today(),
        help="The scores are computed as they would have been in the evening of this "
        "day, from what was known then. Not in the future.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
        help="One line for each customer of each of these companies.",
    )
    for_excel = fields.Boolean(
        help="Begin the file with the mark by which Excel knows that it is UTF-8. "
        "Without it Excel may show names in other scripts as signs without meaning.",
    )
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_customer_count",
        help="Customers whose first lead, quotation or purchase was on or before this "
        "day, as the last run knows them.",
    )

    @api.depends("as_of", "company_ids")
    def _compute_customer_count(self):
        for wizard in self:
            companies = wizard.company_ids._origin & self.env.user.company_ids
            profiles = self.env["lifecycle.profile"].with_context(
                active_test=False, allowed_company_ids=companies.ids
            )
            wizard.customer_count = (
                profiles.search_count(
                    [
                        ("company_id", "in", companies.ids),
                        ("first_contact_date", "<=", wizard.as_of),
                    ]
                )
                if companies and wizard.as_of
                else 0
            )

    def action_download(self):
        """Check what was asked for, while there is a screen to say so; then fetch."""
        self.ensure_one()
        scores = self.env["lifecycle.score"]
        scores._check_rights(self.company_ids)
        scores._check_day(self.company_ids, self.as_of)
        scores._check_rules(self.company_ids, self.as_of)
        scores._check_horizon(self._get_horizon())
        return {
            "type": "ir.actions.act_url",
            "url": f"/lifecycle/scores/{self.id}",
            "target": "download",
        }

    def _write_csv(self, out):
        """Write the scores into a binary file, with the rights of the user."""
        self.ensure_one()
        scores = self.env["lifecycle.score"].with_context(
            allowed_company_ids=self.company_ids.ids
        )
        return scores._write_csv(
            self.company_ids,
            self.as_of,
            out,
            bom=self.for_excel,
            horizon=self._get_horizon(),
        )

    def _get_horizon(self):
        """Days ahead that probabilities stand for, None for those of each company."""
        return None

    def _get_file_name(self):
        self.ensure_one()
        return f"scores_{self.as_of.isoformat()}.csv"
