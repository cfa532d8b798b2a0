from odoo import api, fields, models
from odoo.exceptions import UserError

# Lists from which customers can be put into a play, and their contact.
_SOURCES = {
    "res.partner": "id",
    "lifecycle.profile": "partner_id",
    "lifecycle.transition": "partner_id",
    "crm.lead": "partner_id",
    "sale.order": "partner_id",
}


class LifecyclePlayEnroll(models.TransientModel):
    """Put the customers of any list into a play."""

    _name = "lifecycle.play.enroll"
    _description = "Enroll in a Play"

    play_id = fields.Many2one(
        "lifecycle.play",
        required=True,
        domain="[('state', '=', 'running'), ('company_id', '=', company_id)]",
        help="A running play of the current company.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._default_partner_ids(),
        help="The customers of the records that were selected.",
    )
    chosen_count = fields.Integer(string="Selected", compute="_compute_counts")
    entering_count = fields.Integer(
        string="Will Enter",
        compute="_compute_counts",
        help="Those who are meant by the audience of the play, are not in it, and may "
        "enter again.",
    )
    control_count = fields.Integer(
        string="Held Out", compute="_compute_counts", help="Of those who enter."
    )

    @api.model
    def _default_partner_ids(self):
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids")
        if model not in _SOURCES or not ids:
            return self.env["res.partner"]
        records = self.env[model].browse(ids)
        records.check_access("read")
        partners = records if model == "res.partner" else records.mapped("partner_id")
        return partners.commercial_partner_id

    @api.depends("play_id", "partner_ids")
    def _compute_counts(self):
        for wizard in self:
            partners = wizard.partner_ids._origin.commercial_partner_id
            wizard.chosen_count = len(partners)
            wizard.entering_count = wizard.control_count = 0
            play = wizard.play_id._origin
            # a client can name any play, and any contact
            if play and partners and play.has_access("read"):
                partners = partners._filtered_access("read")
                play = play.sudo()  # the numbers of what the user chose
                arms = play._count_arms(play._select_customers(partners))
                wizard.entering_count = sum(arms.values())
                wizard.control_count = arms.get("control", 0)

    def action_enroll(self):
        self.ensure_one()
        self.play_id.check_access("read")
        self.partner_ids.check_access("read")
        play = self.play_id.sudo()  # who may read both may put one into the other
        if play.state != "running":
            raise UserError(
                self.env._(
                    "“%s” is not running. Start it before you put customers into it.",
                    play.name,
                )
            )
        count = play._enter_by_hand(self.partner_ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "message": self.env._(
                    "%(count)s of %(all)s customers entered “%(play)s”.",
                    count=count,
                    all=len(self.partner_ids.commercial_partner_id),
                    play=play.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
