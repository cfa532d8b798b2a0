from odoo import api, fields, models


class LifecycleStage(models.Model):
    _inherit = "lifecycle.stage"

    next_action = fields.Char(
        string="Next Best Action",
        translate=True,
        help="What salespersons are told to do for a customer who stands here; shown "
        "on the contact, below what plays do by themselves.",
    )

    @api.model
    def _set_default_actions(self):
        """What to do in the stages that are shipped, where nobody said so yet."""
        texts = {
            "lead": self.env._("Make a first offer: there is no order yet."),
            "new": self.env._("Ask how the first order went, and what is next."),
            "active": self.env._("Keep in touch at the usual rhythm of the orders."),
            "loyal": self.env._("Say thank you, and ask for a referral."),
            "at_risk": self.env._(
                "Call: the next order is overdue. Ask what is missing."
            ),
            "lapsed": self.env._(
                "Win back: find out why there are no orders any more, then make an "
                "offer."
            ),
            "won_back": self.env._(
                "Look after the next order in person: it decides whether they stay."
            ),
            "advocate": self.env._("Ask for a referral or a reference."),
        }
        for name, text in texts.items():
            stage = self.env.ref(f"lifecycle_crm.stage_{name}", False)
            if stage and not stage.next_action:
                stage.next_action = text
