from odoo import api, fields, models
from odoo.exceptions import UserError

MESSAGE_STATES = ("mail_post", "sms")


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    lifecycle_play_step = fields.Boolean(
        string="Offer in Plays",
        help="Lifecycle managers may use this action as a step of a play. It then runs "
        "for the customers of the play with all rights.",
    )
    lifecycle_step_id = fields.Many2one(
        "lifecycle.play.step",
        string="Made for the Step",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="The step of a play that keeps this action as it says.",
    )

    def _lifecycle_is_message(self):
        """Whether the action, or one that it calls, writes to the customer."""
        self.ensure_one()
        if self.state == "multi":
            return any(child._lifecycle_is_message() for child in self.child_ids)
        # a note is for colleagues
        return self.state in MESSAGE_STATES and self.mail_post_method != "note"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running_step(self):
        """A play must not find out at night that its step is gone."""
        # whether a play needs it, not which customers
        steps = self.env["lifecycle.play.step"].sudo()
        if used := steps.search(
            [("action_id", "in", self.ids), ("play_id.state", "=", "running")], limit=1
        ):
            raise UserError(
                self.env._(
                    "The server action “%(action)s” is the step “%(step)s” of the "
                    "running play “%(play)s”. Pause the play, or let the step do "
                    "something else, before you delete it.",
                    action=used.action_id.name,
                    step=used.name,
                    play=used.play_id.name,
                )
            )
