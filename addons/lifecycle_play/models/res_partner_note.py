from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _lifecycle_log(self, company, bodies):
        """Notes on contacts that only who works for a company sees.

        :param bodies: ``{contact id: text}``
        """
        messages = self._message_log_batch(bodies=bodies)
        messages.lifecycle_company_id = company
        return messages
