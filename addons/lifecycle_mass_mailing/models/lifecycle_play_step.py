"""Messages of a play at the hour at which the customer reads."""

from odoo import fields, models
from odoo.tools import SQL


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    best_time = fields.Selection(
        [("hour", "At the customer's best hour"), ("day", "On the best day and hour")],
        help="Waits, after the delay, for the hour at which the customer reads most, "
        "or for the day of the week as well; that of all customers where there is too "
        "little to tell. Quiet hours are kept.",
    )

    def _get_due(self, previous, entered=None):
        due = super()._get_due(previous, entered)
        if not self.best_time:
            return due
        company = self.play_id.company_id
        days = SQL("CASE WHEN due.slot < due.hour THEN 1 ELSE 0 END")
        if self.best_time == "day":
            days = SQL(
                """mod(line.best_weekday - extract(isodow FROM due.local)::int + 8, 7)
                + CASE WHEN extract(isodow FROM due.local)::int - 1 = line.best_weekday
                    AND due.slot < due.hour THEN 7 ELSE 0 END"""
            )
        return SQL(
            """COALESCE((
                SELECT GREATEST(%(due)s, timezone('UTC', timezone(due.tz,
                    due.slot + make_interval(days => (%(days)s)::int))))
                FROM (
                    SELECT line.best_hour, line.best_weekday
                    FROM lifecycle_engagement line
                    WHERE line.company_id = %(company)s AND (line.partner_id IS NULL
                        OR line.partner_id = lifecycle_profile.partner_id)
                    ORDER BY line.partner_id NULLS LAST LIMIT 1
                ) line
                CROSS JOIN LATERAL (
                    SELECT moment.tz, moment.local,
                        date_trunc('hour', moment.local) AS hour,
                        date_trunc('day', moment.local)
                        + make_interval(hours => line.best_hour) AS slot
                    FROM (
                        SELECT place.tz, timezone(place.tz, timezone('UTC', %(due)s))
                            AS local
                        FROM (SELECT COALESCE((
                            SELECT zone.name FROM res_partner customer
                            JOIN pg_timezone_names zone ON zone.name = customer.tz
                            WHERE customer.id = lifecycle_profile.partner_id
                        ), %(tz)s) AS tz) place
                    ) moment
                ) due
            ), %(due)s)""",
            days=days,
            company=company.id,
            due=due,
            tz=company._get_lifecycle_tz(),
        )
