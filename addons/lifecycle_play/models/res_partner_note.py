from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # those of other companies are none of the reader's; Odoo does not ask its rules
    activity_ids = fields.One2many(bypass_search_access=False)

    def _lifecycle_log(self, company, bodies):
        """Notes on contacts that only who works for a company sees.

        :param bodies: ``{contact id: text}``
        """
        messages = self._message_log_batch(bodies=bodies)
        messages.lifecycle_company_id = company
        # the search of messages does not write what its rules ask first
        messages.flush_recordset(["lifecycle_company_id"])
        return messages
