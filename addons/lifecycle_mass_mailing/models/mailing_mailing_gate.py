"""Mailings to customers pass the gate, like every other message to them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.lifecycle_play.models.gate_token import GateToken


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_gate = fields.Boolean(
        string="Through the Gate",
        default=True,
        help="Customers who opted out, had enough messages this week, had this one "
        "already or wait for an answer to a complaint are left out; quiet hours are "
        "kept. Of a mailing list, this concerns recipients whose address is that of a "
        "contact.",
    )
    lifecycle_held_count = fields.Integer(
        string="Left Out",
        compute="_compute_lifecycle_figures",
        compute_sudo=True,
        help="Recipients whom the gate left out. Open them to see why.",
    )
    lifecycle_control_count = fields.Integer(
        string="Held Out",
        compute="_compute_lifecycle_figures",
        compute_sudo=True,
        help="Recipients who did not get the mailing, by chance, to compare with.",
    )

    @api.constrains("lifecycle_gate", "mailing_model_id")
    def _check_lifecycle_gate(self):
        # constraints run as superuser; who may let it go past is who saves it
        gate = self.env["lifecycle.gate"].sudo(False)
        for mailing in self:
            model = mailing.mailing_model_real
            wanted = mailing.lifecycle_gate
            # a mailing is one to many, however many its filter finds today
            many = gate._is_gated_by_hand(wanted, model, count=2)
            if gate.env.su or wanted or not many:
                continue
            raise AccessError(
                self.env._(
                    "Through the Gate: only a manager of Customer Lifecycle may let a "
                    "mailing to contacts go past it. Switch it on again."
                )
            )

    def action_view_lifecycle_held(self):
        return self._lifecycle_open_traces("lifecycle_held", self.env._("Left Out"))

    def action_view_lifecycle_control(self):
        return self._lifecycle_open_traces("lifecycle_control", self.env._("Held Out"))

    def _lifecycle_open_traces(self, failure_type, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mass_mailing.mailing_trace_action"
        )
        return {
            **action,
            "display_name": name,
            "domain": [
                ("mass_mailing_id", "=", self.id),
                ("failure_type", "=", failure_type),
            ],
            "context": {"search_default_group_lifecycle_reason": 1}
            if failure_type == "lifecycle_held"
            else {},
        }

    # -- sending ------------------------------------------------------------------

    def _lifecycle_decide(self, model, emails):
        """Who of some recipients gets the mailing; who does is written to now.

        Set-based: as many queries for ten as for a thousand.

        :param model: name of the model of the recipients
        :param emails: ``{record id: [normalized address, …]}``
        :return: ``{record id: (failure type or None, GateVerdict or None)}``, without
            those who are none of the gate's business
        """
        self.ensure_one()
        company = self.lifecycle_company_id
        gate = self.env["lifecycle.gate"]
        people = self._lifecycle_find_people(model, emails)
        partners = self.env["res.partner"].browse(dict.fromkeys(people.values()))
        held_out = self._lifecycle_get_held_out(partners)
        key = f"{self._name},{self.id}"
        to_check = partners.filtered(lambda partner: partner.id in held_out)
        said = {}
        if self.lifecycle_gate:
            token = GateToken(
                source="mailing", company=company.id, key=key, model=model
            )
            said = gate._pass_under(token, partners - to_check, company, "mail")
            # who is held out counts where the message would have gone
            checked = gate._decide(to_check, company, "mail", key=key)
        else:
            checked = {}
        decided, entered = {}, {"treated": set(), "control": set()}
        for record_id, partner_id in people.items():
            control = partner_id in held_out
            verdict = (checked if control else said).get(partner_id)
            if verdict and verdict.reason:
                decided[record_id] = "lifecycle_held", verdict
                continue
            entered["control" if control else "treated"].add(partner_id)
            if control or verdict:
                decided[record_id] = "lifecycle_control" if control else None, verdict
        self._lifecycle_enter(entered)
        return decided

    @api.model
    def _lifecycle_find_people(self, model, emails):
        """Contacts to whom the gate applies: ``{record id: contact id}``.

        Colleagues are no customers; of records that are no contacts, those whose
        address is that of a contact who is no colleague.
        """
        gate = self.env["lifecycle.gate"]
        if model == "res.partner":
            people = {record_id: record_id for record_id in emails}
        else:
            contacts = gate._find_contacts(
                {a for some in emails.values() for a in some}
            )
            people = {
                record_id: contacts[address][:1].id
                for record_id, some in emails.items()
                for address in some
                if address in contacts
            }
        partners = self.env["res.partner"].browse(dict.fromkeys(people.values()))
        colleagues = gate._find_colleagues(partners)
        return {
            record_id: partner_id
            for record_id, partner_id in people.items()
            if partner_id not in colleagues
        }

    @api.model
    def _lifecycle_get_customers(self, partners):
        """``{contact id: id of its customer}``"""
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, COALESCE(commercial_partner_id, id)
                    FROM res_partner WHERE id = ANY(%s)""",
                    partners.ids,
                )
            )
        )
