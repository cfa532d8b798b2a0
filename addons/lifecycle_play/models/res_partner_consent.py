from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

from .lifecycle_consent import CONSENT_STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_consent = fields.Selection(
        CONSENT_STATES,
        string="Wants Messages",
        compute="_compute_lifecycle_consent",
        inverse="_inverse_lifecycle_consent",
        search="_search_lifecycle_consent",
        groups=LIFECYCLE_GROUPS,
        help="Whether this contact wants messages of the current company, such as "
        "those of plays. Orders, invoices and answers always go out.",
    )
    lifecycle_consent_date = fields.Datetime(
        string="Said on",
        compute="_compute_lifecycle_consent",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_no_profiling = fields.Boolean(
        string="Objects to Profiling",
        compute="_compute_lifecycle_consent",
        inverse="_inverse_lifecycle_consent",
        groups=LIFECYCLE_GROUPS,
        help="Does not want to be written to because of what was computed about them. "
        "Plays and rules never write to them.",
    )

    @api.depends_context("company")
    def _compute_lifecycle_consent(self):
        # whether, of the company that one works in
        consents = self.env["lifecycle.consent"].sudo()
        current = consents._get_current(self.ids, self.env.company.ids)
        for partner in self:
            said = current.get((partner.id, self.env.company.id), {})
            partner.lifecycle_consent = said.get("state", "unknown")
            partner.lifecycle_consent_date = said.get("date", False)
            partner.lifecycle_no_profiling = said.get("no_profiling") or False

    def _inverse_lifecycle_consent(self):
        """Record what the contact said; who may edit the contact may."""
        said = [
            {
                "partner_id": partner.id,
                "company_id": self.env.company.id,
                "state": partner.lifecycle_consent or "unknown",
                "no_profiling": partner.lifecycle_no_profiling,
            }
            for partner in self
        ]
        # two fields in one save are one word
        consents = self.env["lifecycle.consent"]
        current = consents.sudo()._get_current(self.ids, self.env.company.ids)
        new = []
        for vals in said:
            before = current.get((vals["partner_id"], vals["company_id"]), {})
            if any(
                (before.get(name) or empty) != vals[name]
                for name, empty in (("state", "unknown"), ("no_profiling", False))
            ):
                new.append(vals)
        consents.create(new)

    @api.model
    def _search_lifecycle_consent(self, operator, value):
        if operator != "in":
            return NotImplemented
        # an AccessError would be swallowed and asked again as superuser
        if not self._has_field_access(self._fields["lifecycle_consent"], "read"):
            return Domain.FALSE
        states = set(value)
        current = Domain("is_current", "=", True)
        current &= Domain("company_id", "=", self.env.company.id)
        consents = self.env["lifecycle.consent"].sudo()  # checked above
        found = Domain(
            "id",
            "in",
            consents._search(
                current & Domain("state", "in", list(states - {False}))
            ).subselect("partner_id"),
        )
        if "unknown" in states or False in states:
            said = consents._search(current & Domain("state", "!=", "unknown"))
            found |= Domain("id", "not in", said.subselect("partner_id"))
        return found

    # -- the signed link -----------------------------------------------------------

    def _get_lifecycle_token(self, company):
        """Signature of the link with which a contact unsubscribes from a company."""
        self.ensure_one()
        return tools.hmac(
            self.env(su=True), "lifecycle_unsubscribe", (self.id, company.id)
        )

    def _get_lifecycle_unsubscribe_url(self, company):
        path = "/lifecycle/unsubscribe"
        token = self._get_lifecycle_token(company)
        base = self.get_base_url()
        return f"{base}{path}/{company.id}/{self.id}/{token}"

    def action_view_lifecycle_messages(self):
        """What this contact and the others of its company were sent, or not."""
        self.ensure_one()
        self.env["lifecycle.message"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_message"
        )
        return {
            **action,
            "domain": [("partner_id", "child_of", self.commercial_partner_id.id)],
            "context": {},
        }

    def action_view_lifecycle_consents(self):
        self.ensure_one()
        self.env["lifecycle.consent"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_consent"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
