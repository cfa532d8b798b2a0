from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    sla_ids = fields.Many2many(
        "helpdesk.sla",
        string="SLA",
        help="These hold for the tickets of this rule, and for no others. The team of "
        "the ticket must use SLAs.",
    )

    @api.model
    def _get_effect_names(self):
        return [*super()._get_effect_names(), "sla_ids"]

    def _decide_more(self, ticket, values):
        said = super()._decide_more(ticket, values)
        if self.sla_ids:
            said.append(self.env._("SLA: %s", ", ".join(self.sla_ids.mapped("name"))))
        return said

    @api.constrains("sla_ids", "team_id", "company_id")
    def _check_slas(self):
        for rule in self:
            for sla in rule.sla_ids:
                if sla.company_id and sla.company_id != rule.company_id:
                    raise ValidationError(
                        self.env._(
                            "Rule “%(rule)s”: the SLA “%(sla)s” is one of %(other)s. "
                            "Choose one of %(company)s.",
                            rule=rule.name,
                            sla=sla.name,
                            other=sla.company_id.name,
                            company=rule.company_id.name,
                        )
                    )
            if rule.sla_ids and rule.team_id and not rule.team_id.use_sla:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: the team “%(team)s” uses no SLAs. Switch "
                        "“Use SLA” on in the team, or choose another team.",
                        rule=rule.name,
                        team=rule.team_id.display_name,
                    )
                )
