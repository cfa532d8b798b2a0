from odoo import api, models


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        """What goes with the contact, and nobody deletes row by row."""
        append_only = self.env["lifecycle.privacy"]._get_append_only_models()
        return [*super()._get_query_models_blacklist(), *append_only]


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    @api.onchange("is_active")
    def _onchange_is_active(self):
        """Archiving is how a contact is erased that orders or invoices name.

        Deleting one takes all along that was computed about it.
        """
        result = super()._onchange_is_active()
        archived = self.filtered(
            lambda line: line.res_model == "res.partner" and not line.is_active
        )
        if partners := self._get_lifecycle_partners(archived):
            # as the lookup itself does it: who may erase contacts may do this
            privacy = self.env["lifecycle.privacy"].sudo()
            privacy._erase(partners, self.env._("Erased by the privacy lookup"))
        return result

    def _get_lifecycle_partners(self, lines):
        partners = self.env["res.partner"].sudo().browse(lines.mapped("res_id"))
        return partners.exists()
