import base64

from odoo import fields, models


class LifecyclePrivacyExport(models.TransientModel):
    """The file, for who asked for it only: an attachment of the contact would show the
    scores to everybody who sees the contact."""

    _name = "lifecycle.privacy.export"
    _description = "Export of What is Kept"

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        help="Whom it is about.",
    )
    data = fields.Binary(string="File", attachment=False, readonly=True)
    name = fields.Char(string="File Name", readonly=True)

    def action_export(self):
        """Make the file and hand it out; the chatter tells who had it."""
        self.ensure_one()
        partner = self.partner_id
        content = self.env["lifecycle.privacy"]._write_json(partner)
        today = fields.Date.context_today(self)
        self.write(
            {
                "data": base64.b64encode(content),
                "name": f"lifecycle-{partner.id}-{today}.json",
            }
        )
        # who may read the contact may have it noted
        partner.sudo()._message_log(
            body=self.env._(
                "What Customer Lifecycle keeps of this contact was exported."
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/data/{self.name}"
            "?download=true",
            "target": "download",
        }
