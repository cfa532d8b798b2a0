from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_send_points_reminder(self):
        """Remind customers of points that expire soon; for server actions and plays."""
        cards = self.env["loyalty.card"]
        found = cards.search(
            [
                ("partner_id", "in", (self | self.commercial_partner_id).ids),
                ("program_id.active", "=", True),
            ]
        )
        found.action_send_points_reminder()

    def action_enrol_in_club(self, program=None):
        """Give customers a card of a programme, those who have none; for segments,
        server actions and plays.  Nobody is written to by it.

        :param program: default the first programme of the company whose points are
            kept from order to order, one with tiers before the others
        """
        company = self.env.company
        program = program or self._get_club_program(company)
        if not program:
            raise UserError(
                self.env._(
                    "%s has no loyalty programme to enrol customers in. Create one, "
                    "for example a “Points Club”, under Sales › Products › Discount "
                    "& Loyalty.",
                    company.display_name,
                )
            )
        owners = self.browse()
        for partner in self:
            owners |= program._get_card_owner(partner)
        cards = self.env["loyalty.card"]
        known = cards.search(
            [("program_id", "=", program.id), ("partner_id", "in", owners.ids)]
        )
        new = cards.with_context(loyalty_no_mail=True).create(
            [
                {"program_id": program.id, "partner_id": partner.id, "points": 0}
                for partner in owners - known.partner_id
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Members of %s", program.display_name),
            "res_model": "loyalty.card",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", new.ids)],
            "context": {"create": False},
        }

    def _get_club_program(self, company):
        programs = self.env["loyalty.program"].search(
            [
                ("program_type", "=", "loyalty"),
                ("company_id", "in", [False, company.id]),
            ]
        )
        return (programs.filtered("tier_ids") or programs)[:1]
