from odoo import api, models
from odoo.tools import SQL


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _get_list_opt_outs(self, facts, company, play):
        """Who left a mailing list and is on no other one, by any of their addresses.

        Who left one list of two is still subscribed, as Odoo's mailings see it.
        """
        found = super()._get_list_opt_outs(facts, company, play)
        self.env["mailing.contact"].flush_model(["email_normalized"])
        self.env["mailing.subscription"].flush_model(["opt_out", "contact_id"])
        addresses = {
            address
            for fact in facts.values()
            for address in (fact.email, *fact.addresses)
            if address
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT contact.email_normalized
                FROM mailing_contact contact
                JOIN mailing_subscription word ON word.contact_id = contact.id
                JOIN mailing_list list ON list.id = word.list_id AND list.active
                WHERE contact.email_normalized = ANY(%s)
                GROUP BY contact.email_normalized
                HAVING bool_and(COALESCE(word.opt_out, FALSE))""",
                sorted(addresses),
            )
        )
        left = {address for (address,) in rows}
        return found | {
            fact.id
            for fact in facts.values()
            if not left.isdisjoint({fact.email, *fact.addresses})
        }
