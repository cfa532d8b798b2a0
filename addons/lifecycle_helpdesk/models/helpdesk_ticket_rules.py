"""Rules are asked when a ticket is made, or its customer becomes known."""

from markupsafe import Markup

from odoo import api, fields, models

from .helpdesk_ticket import TICKET_GROUPS


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    lifecycle_rule_ids = fields.Many2many(
        "lifecycle.ticket.rule",
        string="Rules",
        readonly=True,
        copy=False,
        groups=TICKET_GROUPS,
        help="Rules that held for this ticket when it was made.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._apply_ticket_rules()
        return tickets

    def write(self, vals):
        nameless = self.browse()
        if vals.get("partner_id"):
            # whoever may say who is asking
            nameless = self.filtered(
                lambda ticket: (
                    not ticket.partner_id and not ticket.sudo().lifecycle_rule_ids
                )
            )
        result = super().write(vals)
        if nameless:
            nameless._apply_ticket_rules()
        return result

    def _apply_ticket_rules(self):
        """Let the rules of the company decide, and tell on each ticket what they did.

        As superuser: a ticket may go to a team that its maker does not see.
        """
        tickets = self.sudo().filtered(
            lambda ticket: not ticket.lifecycle_play_id and not ticket.closed
        )
        if not tickets:
            return
        found = self.env["lifecycle.ticket.rule"]._find_rules(tickets)
        groups, bodies = {}, {}
        for ticket in tickets.filtered(lambda ticket: ticket.id in found):
            rules = found[ticket.id]
            values, told = rules._decide(ticket)
            values["lifecycle_rule_ids"] = [(6, 0, rules.ids)]
            key = repr(sorted(values.items()))
            groups.setdefault(key, (values, []))[1].append(ticket.id)
            bodies[ticket.id] = self._say_rules(told)
        for values, ids in groups.values():
            self.browse(ids).sudo().write(values)
        if bodies:
            # the customer in the portal, or the sender of a mail, said none of it
            self.browse(bodies).sudo()._message_log_batch(
                bodies=bodies, author_id=self.env.ref("base.partner_root").id
            )

    @api.model
    def _say_rules(self, told):
        """Which rules held, and what each of them decided."""
        lines = Markup().join(
            Markup("<li>%s</li>")
            % self.env._(
                "Rule “%(rule)s”: %(said)s",
                rule=rule.name,
                said=", ".join(said)
                or self.env._("nothing that was not decided already"),
            )
            for rule, said in told
        )
        return Markup("<ul class='mb-0'>%s</ul>") % lines
