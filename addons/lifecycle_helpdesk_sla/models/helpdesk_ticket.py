from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _get_sla(self):
        """An SLA that a rule gives holds for the tickets of the rule only."""
        slas = super()._get_sla()
        # what the company decided, whoever asks for the SLAs of a ticket
        rules = self.env["lifecycle.ticket.rule"].sudo()
        given = rules.search([("sla_ids", "!=", False)]).sla_ids
        chosen = self.sudo().lifecycle_rule_ids.sla_ids.filtered("active")
        return slas - given.sudo(False) | chosen.sudo(False)

    def _apply_ticket_rules(self):
        result = super()._apply_ticket_rules()
        # where the SLAs were set before the rules were asked, or the team changed
        tickets = self.sudo().filtered("lifecycle_rule_ids.sla_ids")
        tickets.set_sla()
        return result
