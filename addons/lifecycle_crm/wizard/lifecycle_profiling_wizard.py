from odoo import api, fields, models
from odoo.exceptions import UserError


class LifecycleProfilingWizard(models.TransientModel):
    _name = "lifecycle.profiling.wizard"
    _description = "Profiling of Customers"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        help="The companies or private persons whom it is about.",
    )
    profiling = fields.Selection(
        [("off", "Do not profile"), ("on", "Profile")],
        required=True,
        compute="_compute_profiling",
        store=True,
        precompute=True,
        readonly=False,
        help="Off: what was computed about them is deleted at once and not computed "
        "again. On: it is computed again from their purchases.",
    )
    reason = fields.Char(
        required=True, help="Who asked for it, and how. It is kept in the chatter."
    )

    @api.depends("partner_ids")
    def _compute_profiling(self):
        for wizard in self:
            off = wizard.partner_ids.mapped("lifecycle_customer_profiling_off")
            wizard.profiling = "on" if off and all(off) else "off"

    def action_apply(self):
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(
                self.env._("Customers: none is chosen. Choose whom it is about.")
            )
        # with the rights of who asks: who may edit a contact, may do this
        self.partner_ids._lifecycle_set_profiling(self.profiling == "off", self.reason)
        return {"type": "ir.actions.act_window_close"}
