from odoo import api, fields, models
from odoo.tools import html2plaintext


class CrmLeadLost(models.TransientModel):
    """Asks why the customer left, when a win-back opportunity is lost."""

    _inherit = "crm.lead.lost"

    churn_win_back = fields.Boolean(
        string="Is a Win-Back", compute="_compute_churn_win_back"
    )
    churn_reason_id = fields.Many2one(
        "churn.reason",
        string="Why the Customer Left",
        compute="_compute_churn_reason_id",
        store=True,
        readonly=False,
        help="Recorded as the reason why the customer of the win-back opportunity was "
        "lost. Empty: the opportunity is lost, the customer is not.",
    )

    @api.depends("lead_ids")
    def _compute_churn_win_back(self):
        for wizard in self:
            wizard.churn_win_back = any(
                lead.win_back and lead.partner_id for lead in wizard.lead_ids
            )

    @api.depends("lost_reason_id", "lead_ids")
    def _compute_churn_reason_id(self):
        reasons = self.env["churn.reason"]
        allowed = reasons.has_access("read")
        for wizard in self:
            found = reasons
            if allowed and wizard.churn_win_back:
                found = reasons._find_for_lost_reason(wizard.lost_reason_id)
            wizard.churn_reason_id = found or wizard.churn_reason_id

    def action_lost_reason_apply(self):
        self.ensure_one()
        asked = self.with_context(churn_reason_asked=True)
        leads = self.lead_ids.filtered(lambda lead: lead.win_back and lead.partner_id)
        result = super(CrmLeadLost, asked).action_lost_reason_apply()
        if leads and self.churn_reason_id:
            leads._record_churn_loss(
                self.churn_reason_id, html2plaintext(self.lost_feedback or "") or None
            )
        return result
