"""Tickets of the demo company, so that there is something to see."""

from odoo import api, models


class LifecycleDemo(models.AbstractModel):
    _inherit = "lifecycle.demo"

    @api.model
    def _generate_tickets(self):
        """Load the tickets; without the demo company there is nothing to do.

        :return: the tickets
        """
        if not self.env.ref("lifecycle_crm.demo_company_eu", raise_if_not_found=False):
            return self.env["helpdesk.ticket"]
        from ..demo.tickets import load_tickets

        return load_tickets(self.env)
