"""The club lives through its days: who rises and falls, a pin, a draft of new rules."""

from datetime import timedelta

from odoo.tools import SQL

from ..models.loyalty_engine import Occasion

# Days ago: months, then weeks, then days.
_DAYS = (*range(450, 30, -30), 28, 21, 14, 7, 3, 1, 0)


def live(env, club, company, today):
    engine = env["loyalty.engine"]
    began = today - timedelta(days=_DAYS[0])
    env.flush_all()
    _backdate(env, club, began)
    for days in _DAYS:
        # who was a customer on the first day is a member; later moves are heard
        occasion = Occasion(quiet=days == _DAYS[0])
        engine._evaluate(company, today - timedelta(days=days), occasion)
    _note_tiers(env, club, company, began)
    _date_coupons(env, club)
    env.invalidate_all()
    _pin_one(env, club, company, today)
    _draft(env, club)


def _backdate(env, club, began):
    """The programme is as old as its history."""
    env.cr.execute(
        SQL(
            """UPDATE loyalty_program SET create_date = %(day)s,
                point_expiry_start = %(day)s
            WHERE id = %(club)s""",
            day=began,
            club=club.id,
        )
    )
    env.invalidate_all()


def _note_tiers(env, club, company, began):
    """Orders know the tier that their customer had on their day."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE sale_order so SET order_tier_id = found.tier_id,
                order_tier_multiplier = t.point_multiplier
            FROM (
                SELECT o.id, CASE
                    WHEN before.id IS NOT NULL THEN before.to_tier_id
                    WHEN later.id IS NOT NULL THEN later.from_tier_id
                    ELSE m.tier_id END AS tier_id
                FROM sale_order o
                JOIN res_partner p ON p.id = o.partner_id
                LEFT JOIN loyalty_membership m ON m.company_id = o.company_id
                    AND m.partner_id = p.commercial_partner_id
                    AND m.program_id = %(club)s
                LEFT JOIN LATERAL (
                    SELECT id, to_tier_id FROM lifecycle_transition
                    WHERE partner_id = p.commercial_partner_id
                      AND loyalty_program_id = %(club)s AND kind = 'tier'
                      AND date < o.date_order::date
                    ORDER BY date DESC, id DESC LIMIT 1
                ) before ON TRUE
                LEFT JOIN LATERAL (
                    SELECT id, from_tier_id FROM lifecycle_transition
                    WHERE partner_id = p.commercial_partner_id
                      AND loyalty_program_id = %(club)s AND kind = 'tier'
                      AND date >= o.date_order::date
                    ORDER BY date, id LIMIT 1
                ) later ON TRUE
                WHERE o.company_id = %(company)s AND o.state = 'sale'
                  AND o.date_order >= %(began)s
            ) found
            JOIN loyalty_tier t ON t.id = found.tier_id
            WHERE so.id = found.id""",
            club=club.id,
            company=company.id,
            began=began,
        )
    )


def _date_coupons(env, club):
    """Welcome coupons are as old as the day on which their tier was reached."""
    env.cr.execute(
        SQL(
            """UPDATE loyalty_card c SET create_date = found.day FROM (
                SELECT partner_id, to_tier_id, MIN(date) AS day
                FROM lifecycle_transition
                WHERE loyalty_program_id = %s AND kind = 'tier'
                GROUP BY 1, 2
            ) found WHERE found.partner_id = c.partner_id
                AND found.to_tier_id = c.welcome_tier_id""",
            club.id,
        )
    )


def _pin_one(env, club, company, today):
    """A manager gave somebody a tier that the figures do not."""
    silver = club.tier_ids[1]
    member = env["loyalty.membership"].search(
        [
            ("program_id", "=", club.id),
            ("company_id", "=", company.id),
            ("tier_id", "=", silver.id),
        ],
        limit=1,
    )
    member._pin_tier(
        club.tier_ids[2],
        until=today + timedelta(days=120),
        reason="Ran our stand at the fair with us",
    )


def _draft(env, club):
    """What if Gold and Platinum were a quarter cheaper?"""
    draft = env["loyalty.tier.simulation"]._create_draft(club)
    for line in draft.line_ids[2:]:
        line.threshold = round(line.threshold * 0.75)
    draft.action_compute()
