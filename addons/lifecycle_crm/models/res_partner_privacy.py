"""The switch with which a customer is not profiled."""

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

_LIMIT = 500


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_profiling_off = fields.Boolean(
        string="Do Not Profile",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="On: no stage, score or risk of this customer is computed in any company, "
        "and what was computed is deleted. Purchases, invoices and loyalty points "
        "stay. It counts where it stands on the customer itself, the company or the "
        "private person, not on its contacts.",
    )
    lifecycle_profiling_reason = fields.Char(
        string="Why Not Profiled",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Who asked for it, and how: on the phone, in a letter, on the portal.",
    )
    lifecycle_customer_profiling_off = fields.Boolean(
        related="commercial_partner_id.lifecycle_profiling_off",
        string="Customer is Not Profiled",
        tracking=False,  # the customer's own chatter tells it
        groups="base.group_user",
    )
    lifecycle_customer_profiling_reason = fields.Char(
        related="commercial_partner_id.lifecycle_profiling_reason",
        string="Reason",
        tracking=False,
        groups="base.group_user",
    )

    # a handful among many: whatever reads customers asks for them
    _lifecycle_objectors_idx = models.Index("(id) WHERE lifecycle_profiling_off")

    def init(self):
        # of a column that nothing is known of PostgreSQL expects that half of the rows
        # are on, and reads all contacts where the index has a handful
        self.env.cr.execute(SQL("ANALYZE res_partner (lifecycle_profiling_off)"))
        return super().init()

    def write(self, vals):
        if "lifecycle_profiling_off" not in vals:
            return super().write(vals)
        off = bool(vals["lifecycle_profiling_off"])
        # who may not see the field is refused by what follows
        changed = self.sudo().filtered(
            lambda partner: partner.lifecycle_profiling_off != off
        )
        result = super().write(vals)
        if off:
            self.env["lifecycle.privacy"]._forget(changed.ids)
        # off: what a run writes meanwhile is removed; on: computed again
        self.env["lifecycle.dirty"]._mark(changed.ids)
        return result

    def _lifecycle_set_profiling(self, off, reason):
        """Throw the switch of the customers that contacts belong to.

        The chatter of the customer tells who did it, when and why.

        :param off: whether they are not to be profiled
        :param reason: in words
        """
        reason = " ".join((reason or "").split())
        if not reason:
            raise ValidationError(
                self.env._("Reason: it is empty. Say who asked for it, and how.")
            )
        if len(reason) > _LIMIT:
            raise ValidationError(
                self.env._(
                    "Reason: it has %(length)s characters. Shorten it to %(limit)s.",
                    length=len(reason),
                    limit=_LIMIT,
                )
            )
        self.commercial_partner_id.write(
            {
                "lifecycle_profiling_off": off,
                "lifecycle_profiling_reason": reason,
            }
        )

    def action_lifecycle_profiling(self):
        """Ask for the reason before the switch is thrown."""
        self.env["lifecycle.profiling.wizard"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Profiling"),
            "res_model": "lifecycle.profiling.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_ids": [Command.set(self.commercial_partner_id.ids)]
            },
        }
