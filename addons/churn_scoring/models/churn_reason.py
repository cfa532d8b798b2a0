from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ChurnReason(models.Model):
    """Why customers leave, in the words of the company."""

    _name = "churn.reason"
    _description = "Churn Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="When to choose it, so that everybody means the same."
    )
    lost_reason_ids = fields.Many2many(
        "crm.lost.reason",
        string="Lost Reasons",
        help="A win-back opportunity that is lost for one of these reasons records "
        "this churn reason, unless another one is chosen.",
    )
    loss_count = fields.Integer(compute="_compute_loss_count")

    def _compute_loss_count(self):
        counts = dict(
            self.env["churn.loss"]._read_group(
                [("reason_id", "in", self.ids)], ["reason_id"], ["__count"]
            )
        )
        for reason in self:
            reason.loss_count = counts.get(reason, 0)

    @api.constrains("name")
    def _check_name(self):
        """A reason without a name, or two of one name, would spoil every report."""
        for reason in self:
            name = (reason.name or "").strip()
            if not name:
                raise ValidationError(
                    self.env._("Name: a churn reason needs one, in a word or two.")
                )
            others = self.with_context(active_test=False).search(
                [("id", "!=", reason.id), ("name", "ilike", name)]
            )
            same = [n for n in others.mapped("name") if n.casefold() == name.casefold()]
            if same:
                raise ValidationError(
                    self.env._(
                        "Name: there is a churn reason “%s” already. Use that one (it "
                        "may be archived), or choose another name.",
                        same[0],
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # whoever recorded it, of whatever company: the record must not lose its reason
        losses = self.env["churn.loss"].sudo()
        used = losses.search([("reason_id", "in", self.ids)], limit=1).reason_id
        if used:
            raise UserError(
                self.env._(
                    "The churn reason “%s” has been recorded for customers. Archive it "
                    "instead: it can no longer be chosen, and the records keep it.",
                    used.name,
                )
            )

    @api.model
    def _find_for_lost_reason(self, lost_reason):
        """The churn reason that a lost reason stands for, empty if none."""
        if not lost_reason:
            return self.browse()
        return self.search([("lost_reason_ids", "in", lost_reason.ids)], limit=1)
