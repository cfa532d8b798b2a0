from odoo.fields import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class GateCase(LifecycleCase):
    """Customers, templates and short ways to send in every way there is.

    The clock stands at noon UTC; the company has no limit per week unless a test sets
    one.
    """

    number = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", "http://shop.test")
        cls.company.write(
            {
                "lifecycle_message_cap": 0,
                "lifecycle_duplicate_days": 0,
                "email": "shop@shop.test",
            }
        )
        cls.gate = cls.env["lifecycle.gate"]
        cls.complaint_tag = cls.env["res.partner.category"].create({"name": "Angry"})
        cls.company.lifecycle_complaint_tag_ids = cls.complaint_tag
        cls.templates = {
            model: cls.env["mail.template"].create(
                {
                    "name": f"Test of {model}",
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "subject": "We miss you",
                    "body_html": "<p>Hello</p>",
                    "email_from": "shop@shop.test",
                    "partner_to": f"{{{{ {path} }}}}",
                    "auto_delete": False,
                }
            )
            for model, path in (
                ("res.partner", "object.id"),
                ("lifecycle.profile", "object.partner_id.id"),
                ("lifecycle.transition", "object.partner_id.id"),
            )
        }
        cls.sms_template = cls.env["sms.template"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "body": "We miss you",
            }
        )

    @classmethod
    def _customer(cls, **values):
        """A customer of the company with a profile, who can be written to."""
        GateCase.number += 1
        number = GateCase.number
        partner = cls.env["res.partner"].create(
            {
                "name": f"Customer {number}",
                "email": f"customer{number}@gate.test",
                "phone": f"+1 202-456-{1000 + number}",
                "country_id": cls.env.ref("base.us").id,
                "tz": "UTC",
                "lang": "en_US",
                **values,
            }
        )
        cls.env["lifecycle.profile"].create(
            {"partner_id": partner.id, "company_id": cls.company.id}
        )
        return partner

    @classmethod
    def _action(cls, model="res.partner", **values):
        """A server action "Send Email" that passes the gate."""
        return cls.env["ir.actions.server"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id(model),
                "state": "mail_post",
                "mail_post_method": "email",
                "template_id": cls.templates[model].id
                if model in cls.templates
                else False,
                "lifecycle_gate": True,
                **values,
            }
        )

    @classmethod
    def _sms_action(cls, **values):
        return cls._action(
            state="sms",
            mail_post_method=False,
            template_id=False,
            sms_template_id=cls.sms_template.id,
            **values,
        )

    def _run(self, action, records, **context):
        return action.with_context(
            active_model=records._name,
            active_ids=records.ids,
            active_id=records[:1].id,
            **context,
        ).run()

    # -- what came of it ---------------------------------------------------------

    def _log_of(self, partner, company=None):
        return self.env["lifecycle.message"].search(
            [
                ("partner_id", "in", partner.ids),
                ("company_id", "=", (company or self.company).id),
            ],
            order="id",
        )

    def _mails_to(self, partner):
        """Mails in the queue that a contact would get."""
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
        return mails.filtered(
            lambda mail: (
                partner in mail.recipient_ids
                or (partner.email_normalized or "-") in (mail.email_to or "")
            )
        )

    def _sms_to(self, partner):
        return self.env["sms.sms"].search(
            [("partner_id", "=", partner.id), ("state", "=", "outgoing")]
        )

    def _say(self, partner, state="opted_out", company=None, **values):
        """Record what a contact said."""
        return self.env["lifecycle.consent"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or self.company).id,
                "state": state,
                **values,
            }
        )

    # -- every reason ----------------------------------------------------------------

    def _make_reason(self, reason, partner):
        """Bring it about that a contact is held for this reason."""
        getattr(self, f"_make_{reason}")(partner)
        self.env.flush_all()

    def _make_archived(self, partner):
        partner.active = False

    def _make_internal(self, partner):
        self.env["res.users"].create(
            {
                "name": partner.name,
                "login": f"user{partner.id}",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )

    def _make_no_address(self, partner):
        partner.write({"email": False, "phone": False})

    def _make_invalid_address(self, partner):
        partner.write({"email": "nobody@localhost", "phone": "12"})

    def _make_blacklisted(self, partner):
        self.env["mail.blacklist"]._add(partner.email)
        self.env["phone.blacklist"].add(partner.phone_sanitized)

    def _make_no_profiling(self, partner):
        self._say(partner, "opted_in", no_profiling=True)

    def _make_opted_out(self, partner):
        self._say(partner)

    def _make_no_consent(self, partner):
        self.company.lifecycle_consent_policy = "opt_in"

    def _make_open_complaint(self, partner):
        partner.category_id |= self.complaint_tag

    def _make_frequency_cap(self, partner):
        self.company.lifecycle_message_cap = 1
        self.gate._pass(partner, self.company, "mail")

    def _make_duplicate(self, partner):
        """Every template was sent to the contact yesterday."""
        self.company.lifecycle_duplicate_days = 7
        keys = [f"mail.template,{t.id}" for t in self.templates.values()]
        for channel, some in (
            ("mail", keys),
            ("sms", [f"sms.template,{self.sms_template.id}"]),
        ):
            for key in some:
                self.gate._pass(partner, self.company, channel, key=key)

    def _ask(self, partner, channel="mail", **kwargs):
        company = kwargs.pop("company", self.company)
        return self.gate._check(partner, company, channel, **kwargs)[partner.id]
