"""The step “open a ticket”: a win-back that support takes on."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    kind = fields.Selection(
        selection_add=[("ticket", "Open a ticket"), ("action",)],
        ondelete={"ticket": lambda steps: steps._leave_to_action()},
    )
    ticket_name = fields.Char(
        string="Subject of the Ticket",
        translate=True,
        help="Empty: the name of the step. The customer is on the ticket.",
    )
    ticket_note = fields.Text(
        string="What Is to Be Done",
        translate=True,
        help="Description of the ticket, for the agent.",
    )
    ticket_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Helpdesk Team",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    ticket_user_id = fields.Many2one(
        "res.users",
        string="Agent",
        ondelete="set null",
        domain="[('share', '=', False)]",
        help="Empty: whoever of the team takes it.",
    )
    ticket_priority = fields.Selection(
        selection=lambda self: (
            self.env["helpdesk.ticket"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        default="2",
    )

    @api.constrains("ticket_team_id", "ticket_user_id", "play_id", "kind")
    def _check_ticket_people(self):
        for step in self.filtered(lambda step: step.kind == "ticket"):
            team, user = step.ticket_team_id, step.ticket_user_id
            if team.company_id and team.company_id != step.play_id.company_id:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: the team “%(team)s” is one of %(other)s. "
                        "Choose one of the company of the play.",
                        step=step.name,
                        team=team.display_name,
                        other=team.company_id.name,
                    )
                )
            if user and team and user not in team.user_ids:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: %(user)s is not in the team “%(team)s”. "
                        "Choose a member of the team.",
                        step=step.name,
                        user=user.name,
                        team=team.display_name,
                    )
                )

    def _leave_to_action(self):
        """The addon goes: the step does nothing any more, and says so."""
        self.env["lifecycle.play"].browse(self.play_id.ids).filtered(
            lambda play: play.state == "running"
        ).state = "paused"
        self.write({"kind": "action", "action_id": False})

    def _get_action_values(self):
        self.ensure_one()
        if self.kind != "ticket":
            return super()._get_action_values()
        # run by the play for its customers
        code = "env['lifecycle.play.step'].browse(%d)._open_tickets(records)"
        return {
            **self._get_common_values("res.partner"),
            "state": "code",
            "code": code % self.id,
        }

    def _open_tickets(self, partners):
        """The ticket of the step, one for each customer."""
        self.ensure_one()
        company = self.play_id.company_id
        note = self.ticket_note or self.name
        lines = Markup("<br/>").join(note.splitlines())
        tickets = self.env["helpdesk.ticket"].with_company(company)
        return tickets.create(
            [
                {
                    "name": self.ticket_name or self.name,
                    "description": Markup("<p>%s</p>") % lines,
                    "partner_id": partner.id,
                    "partner_name": partner.name,
                    "partner_email": partner.email,
                    "company_id": company.id,
                    "team_id": self.ticket_team_id.id,
                    "user_id": self.ticket_user_id.id,
                    "priority": self.ticket_priority or "2",
                    "lifecycle_play_id": self.play_id.id,
                }
                for partner in partners
            ]
        )
