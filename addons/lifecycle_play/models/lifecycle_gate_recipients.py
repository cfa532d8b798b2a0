"""Whom a message goes to: contacts who pass the gate, and who need not.

What is addressed to a colleague is no message to a customer; what is addressed to
nobody's address is looked up among the contacts, else only in the blacklist.
"""

from odoo import api, fields, models
from odoo.tools import email_normalize_all

from .lifecycle_gate import GateVerdict

# Documents of a purchase, an account, an appointment: who is waiting for them must
# get them, also when an automation made them on its way.
_DOCUMENTS = frozenset(
    {
        "account.move",
        "account.payment",
        "calendar.event",
        "event.registration",
        "helpdesk.ticket",
        "payment.transaction",
        "pos.order",
        "purchase.order",
        "res.users",
        "sale.order",
        "stock.picking",
    }
)


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _is_exempt(self, token, model):
        """Whether messages on a record concern business that is under way."""
        return model in _DOCUMENTS and model != token.model

    @api.model
    def _get_scopes(self, token, records):
        """Company and customer of each record: ``{record id: (company, partner)}``."""
        # to whom a record belongs, for who may send about it
        records = records.sudo()
        if token.company:
            company = self.env["res.company"].browse(token.company)
            companies = dict.fromkeys(records.ids, company)
        else:
            companies = records._mail_get_companies(default=self.env.company)
        customers = records._mail_get_partners()
        return {
            record.id: (companies[record.id], customers[record.id][:1])
            for record in records
        }

    @api.model
    def _find_contacts(self, addresses):
        """Contacts by normalized address: ``{address: partners}``, the oldest first."""
        if not addresses:
            return {}
        # who is written to, whatever the sender may see
        partners = self.env["res.partner"].sudo()
        partners = partners.search(
            [("email_normalized", "in", sorted(addresses))], order="id"
        )
        return partners.grouped("email_normalized")

    @api.model
    def _find_blocked(self, addresses):
        """Those of some normalized addresses that are blacklisted."""
        if not addresses:
            return set()
        blacklist = self.env["mail.blacklist"].sudo()  # whether, not which
        return set(
            blacklist.search([("email", "in", sorted(addresses))]).mapped("email")
        )

    @api.model
    def _sort_recipients(self, partners, texts, customer, contacts):
        """Who of the recipients of one message has to pass the gate.

        :param partners: recipients that are contacts
        :param texts: recipients that are addresses, as written
        :param customer: whose record it is about, or none
        :param contacts: :meth:`_find_contacts` of the addresses
        :return: contacts that must pass, ``{address: contact}`` for those, and addresses
            of which nobody is known
        """
        partners = partners.sudo()  # whether they are colleagues
        gated = partners.filtered(
            lambda p: p == customer or not self._is_colleague(p)
        )
        named, loose = {}, set()
        for address in {a for text in texts for a in email_normalize_all(text or "")}:
            known = contacts.get(address, partners.browse())
            if not known:
                loose.add(address)
                continue
            contact = (customer & known) or known[:1]
            if contact == customer or not any(map(self._is_colleague, known)):
                gated |= contact
                named[address] = contact.id
        return gated, named, loose

    @api.model
    def _is_colleague(self, partner):
        return any(not user.share for user in partner.user_ids)

    # -- records -----------------------------------------------------------------

    @api.model
    def _pass_records(self, token, records, recipients, channel):
        """Those of some records about which the message may go.

        :param recipients: ``{record id: (contacts, texts of addresses)}``
        :return: ids, in the order of the records
        """
        scopes = self._get_scopes(token, records)
        texts = [text for _partners, some in recipients.values() for text in some]
        contacts = self._find_contacts(
            {a for text in texts for a in email_normalize_all(text or "")}
        )
        gated, loose = {}, {}
        for record in records:
            company, customer = scopes[record.id]
            partners, some = recipients[record.id]
            people, _named, loose[record.id] = self._sort_recipients(
                partners, some, customer, contacts
            )
            if not partners and not any(some):
                people = customer  # to nobody: the gate says why
            gated[record.id] = people
        blocked = self._find_blocked(set().union(*loose.values()))
        verdicts = self._pass_scopes(token, scopes, gated, channel)
        passed, again = [], {}
        for record in records:
            company, _customer = scopes[record.id]
            said = [
                (person.id, verdicts[company.id, person.id])
                for person in gated[record.id]
            ]
            free = not said and not (loose[record.id] and loose[record.id] <= blocked)
            for partner_id, verdict in said:
                scope = (token.key, company.id, channel, partner_id)
                about = (record._name, record.id)
                if verdict.reason:
                    continue
                if token.records.setdefault(scope, about) == about:
                    free = True
                else:  # written to about another record already
                    again.setdefault(company, {})[partner_id] = GateVerdict(
                        "duplicate", verdict.address, verdict.allowed_at
                    )
            if free:
                passed.append(record.id)
        for company, repeated in again.items():
            self._log(token, company, channel, repeated, fields.Datetime.now())
        return passed

    @api.model
    def _pass_scopes(self, token, scopes, gated, channel):
        """Let the contacts of some records through, company by company.

        :param scopes: :meth:`_get_scopes`
        :param gated: ``{record id: contacts}``
        :return: ``{(company id, contact id): GateVerdict}``
        """
        wanted = {}
        for record_id, people in gated.items():
            company = scopes[record_id][0]
            wanted.setdefault(company, []).extend(people.ids)
        verdicts = {}
        for company, ids in wanted.items():
            partners = self.env["res.partner"].browse(dict.fromkeys(ids))
            said = self._pass_under(token, partners, company, channel)
            verdicts.update({(company.id, pid): v for pid, v in said.items()})
        return verdicts
