from odoo import api, fields, models

_ON_TIME = ("on_time", "on_time_created", "on_time_updated")


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    @api.model_create_multi
    def create(self, vals_list):
        """A rule over dates of customers begins now.

        Odoo's begins with the beginning of all time: it would act at once for every
        customer whose date is over.
        """
        automations = super().create(vals_list)
        automations._lifecycle_begin_now()
        return automations

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"trigger", "model_id", "trg_date_id"} or vals.get("active"):
            self._lifecycle_begin_now()
        return result

    def _lifecycle_begin_now(self):
        for automation in self:
            if automation.trigger in _ON_TIME and (
                automation.model_name or ""
            ).startswith("lifecycle."):
                automation.last_run = fields.Datetime.now()
