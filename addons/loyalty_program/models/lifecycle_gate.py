from odoo import api, models


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _is_customer_model(self, model):
        return model == "loyalty.membership" or super()._is_customer_model(model)
