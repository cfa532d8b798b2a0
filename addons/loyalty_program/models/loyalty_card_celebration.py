"""Points on a birthday or an anniversary."""

from odoo import api, fields, models
from odoo.tools import SQL

# A night that was missed is made up for within so many days.
_LATE_DAYS = 7
# A date that is changed brings no second gift within so many days.
_AGAIN_DAYS = 300
_BATCH = 500


class ResPartner(models.Model):
    _inherit = "res.partner"

    club_date = fields.Date(
        string="Birthday or Anniversary",
        copy=False,
        help="Day on which a member gets the gift of the loyalty programme, every "
        "year. Who was born on 29 February gets it on the 28th in other years.",
    )


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    celebration_points = fields.Float(
        string="Points on a Birthday",
        digits=(16, 2),
        help="Given to members every year on the day under “Birthday or Anniversary” "
        "on their contact. 0: none.",
    )
    celebration_template_id = fields.Many2one(
        "mail.template",
        string="Birthday Message",
        domain=[("model", "=", "loyalty.card")],
        ondelete="set null",
        help="Sent with the points, through the message gate. Empty: no message.",
    )

    _celebration_points_positive = models.Constraint(
        "CHECK (celebration_points >= 0)",
        "“Points on a Birthday” must not be negative.",
    )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model
    def _cron_celebrate(self):
        """Give the points of today's birthdays, programme by programme."""
        cron = self.env["ir.cron"]
        programs = self.env["loyalty.program"].search([("celebration_points", ">", 0)])
        remaining = len(programs)
        cron._commit_progress(remaining=remaining)
        for program in programs:
            while self.env["loyalty.lot"]._try_again(
                lambda program=program: self._celebrate_some(program)
            ):
                if not cron._commit_progress(1, remaining=remaining):
                    return  # called again for the rest
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                return

    @api.model
    def _celebrate_some(self, program):
        """Give the gift of a programme to some of today's; how many cards it were."""
        cards = self._find_celebrating(program, limit=_BATCH)
        cards._celebrate(program)
        return len(cards)

    @api.model
    def _find_celebrating(self, program, limit=None):
        """Cards whose owner's day is today or was in the last days, without its gift.

        Adding years to 29 February gives the 28th in other years.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT c.id
                FROM loyalty_card c
                JOIN res_partner p ON p.id = c.partner_id
                CROSS JOIN LATERAL (VALUES (0), (1)) back (years)
                CROSS JOIN LATERAL (SELECT (p.club_date + make_interval(
                    years => EXTRACT(YEAR FROM %(today)s::date)::int - back.years
                        - EXTRACT(YEAR FROM p.club_date)::int))::date AS day) occasion
                WHERE c.program_id = %(program)s AND c.active AND p.active
                  AND occasion.day > %(today)s::date - %(late)s
                  AND occasion.day <= %(today)s::date
                  AND NOT EXISTS (
                    SELECT FROM loyalty_ledger l WHERE l.card_id = c.id
                      AND l.kind = 'gift' AND l.day > occasion.day - %(again)s)
                ORDER BY c.id LIMIT %(limit)s""",
                limit=limit,
                program=program.id,
                today=program._get_points_today(),
                late=_LATE_DAYS,
                again=_AGAIN_DAYS,
            )
        )
        return self.browse(card_id for (card_id,) in rows)

    def _celebrate(self, program):
        """Give the gift of a programme; one statement, then the messages."""
        if not self:
            return
        description = self.env._("Birthday")
        company = program.company_id or self.env.company
        self.env.cr.execute(
            SQL(
                """WITH cards AS (
                    UPDATE loyalty_card SET points = points + %(points)s
                    WHERE id = ANY(%(ids)s)
                    RETURNING id, code, program_id, partner_id
                ), history AS (
                    INSERT INTO loyalty_history (card_id, description, issued, used,
                        create_uid, create_date, write_uid, write_date)
                    SELECT id, %(note)s, %(points)s, 0, %(user)s, %(recorded)s,
                        %(user)s, %(recorded)s FROM cards
                )
                INSERT INTO loyalty_ledger (card_id, card_code, program_id, partner_id,
                    company_id, date, day, kind, points, note, user_id, recorded)
                SELECT id, code, program_id, partner_id, %(company)s, %(now)s,
                    %(today)s, 'gift', %(points)s, %(note)s, %(user)s, %(recorded)s
                FROM cards ORDER BY id""",
                points=program.celebration_points,
                ids=self.ids,
                note=description,
                company=company.id,
                now=fields.Datetime.now(),
                today=program._get_points_today(),
                user=self.env.uid,
                recorded=self.env.cr.now().replace(microsecond=0),
            )
        )
        self.invalidate_model(["points", "history_ids", "ledger_ids"])
        self.env["loyalty.ledger"].invalidate_model()
        self.env["loyalty.history"].invalidate_model()
        if template := program.celebration_template_id:
            self._send_member_mail(template)
