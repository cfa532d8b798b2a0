"""Who gets no further step: bought, replied, opted out, left."""

from odoo import api, fields, models
from odoo.tools import SQL


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def _get_stops(self):
        """Conditions under which a customer stops: ``{reason: condition}``.

        The enrollment is called ``e``, the profile ``lifecycle_profile``, the customer
        ``partner``.  An addon that knows of tickets adds them under ``ticket`` where
        ``stop_on_ticket`` is set.
        """
        self.ensure_one()
        stops = {
            "gone": SQL(
                """NOT partner.active
                OR partner.commercial_partner_id <> partner.id
                OR (e.profile_id IS NULL AND e.entry_stage_id IS NOT NULL)"""
            )
        }
        if self.stop_on_purchase:
            stops["purchase"] = SQL(
                """lifecycle_profile.last_order_date >= e.entered_day AND (
                    lifecycle_profile.last_order_date > e.entered_day
                    OR lifecycle_profile.order_count > e.entry_order_count)"""
            )
        if self.stop_on_reply:
            stops["reply"] = self._get_replied()
        if self.stop_on_opt_out:
            stops["opt_out"] = self._get_opted_out()
        if self.stop_on_leave:
            stops["leave"] = self._get_left()
        return stops

    def _get_replied(self):
        """Condition: an email came in from the customer or one of its contacts."""
        return SQL(
            """EXISTS (SELECT FROM mail_message m
                JOIN res_partner author ON author.id = m.author_id
                WHERE author.commercial_partner_id = e.partner_id
                AND m.message_type = 'email' AND m.date >= e.entered_date
                AND (m.record_company_id IS NULL
                    OR m.record_company_id = e.company_id))"""
        )

    def _get_opted_out(self):
        """Condition: the customer wants no mail any more."""
        return SQL(
            """EXISTS (SELECT FROM mail_blacklist b
                WHERE b.active AND b.email = partner.email_normalized)"""
        )

    def _get_left(self):
        """Condition: the customer is not where it came in any more."""
        column, ending = self.env["lifecycle.store"]._get_kinds().get(
            self.transition_kind, ("stage_id", "stage_id")
        )
        name = f"to_{ending}"
        if self.entry_kind == "transition" and name in self._fields and self[name]:
            value = self[name].id if self._fields[name].relational else self[name]
            return SQL(
                "lifecycle_profile.%s IS DISTINCT FROM %s",
                SQL.identifier(column),
                value,
            )
        return SQL("lifecycle_profile.stage_id IS DISTINCT FROM e.entry_stage_id")

    def _stop(self, ids=None):
        """Stop whoever gave a reason to.

        :param ids: of enrollments to look at, default all on their way
        :return: ids of those who were stopped
        """
        self.ensure_one()
        cases = [
            SQL("WHEN %s THEN %s", condition, reason)
            for reason, condition in self._get_stops().items()
        ]
        # what users changed in this transaction counts, too
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """UPDATE lifecycle_play_enrollment stopped
                SET state = 'stopped', stop_reason = found.reason, end_date = %(now)s,
                    step_id = NULL, next_date = NULL
                FROM (
                    SELECT e.id, CASE %(cases)s END AS reason
                    FROM lifecycle_play_enrollment e
                    JOIN res_partner partner ON partner.id = e.partner_id
                    LEFT JOIN lifecycle_profile
                        ON lifecycle_profile.partner_id = e.partner_id
                        AND lifecycle_profile.company_id = e.company_id
                    WHERE e.play_id = %(play)s AND e.state = 'running' AND %(asked)s
                ) found
                WHERE stopped.id = found.id AND found.reason IS NOT NULL
                RETURNING stopped.id""",
                now=fields.Datetime.now(),
                cases=SQL(" ").join(cases),
                play=self.id,
                asked=SQL("TRUE") if ids is None else SQL("e.id = ANY(%s)", ids),
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        return [enrollment_id for (enrollment_id,) in rows]

    @api.model
    def _end_ways(self, condition, reason):
        """Take customers out of plays.

        :param condition: on the enrollment ``e``
        :return: number of customers taken out
        """
        self.env["lifecycle.play.enrollment"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment e
                SET state = 'stopped', stop_reason = %s, end_date = %s,
                    step_id = NULL, next_date = NULL
                WHERE e.state = 'running' AND %s""",
                reason,
                fields.Datetime.now(),
                condition,
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        return self.env.cr.rowcount
