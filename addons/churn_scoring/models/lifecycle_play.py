from odoo import fields, models

from .lifecycle_profile import RISKS


class LifecyclePlay(models.Model):
    """A change of the churn risk lets customers in."""

    _inherit = "lifecycle.play"

    from_risk = fields.Selection(RISKS, help="Empty: from whatever risk.")
    to_risk = fields.Selection(RISKS, help="Empty: to whatever risk.")
