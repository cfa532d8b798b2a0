"""One step for some customers, in one transaction."""

from odoo import api, fields, models
from odoo.tools import SQL

# Days in a row on which working hours may fall into quiet hours.
_TRIES = 14


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _do_batch(self, limit):
        """Do the step for customers who are due, each at most once.

        :param limit: number of customers
        :return: number of customers who were due
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if problem := self._find_action_problem():
            self.play_id._pause_broken(problem)
            return 0
        if self._wait_for_opening(now):
            return 0
        limit = self._get_limit(limit)
        due = self._take_due(now, limit) if limit else []
        if not due:
            return 0
        gone = set(self.play_id._stop(due))
        ids = self._put_off([e for e in due if e not in gone], now)
        executions = self._write_executions(ids, now)
        todo = [row for row in executions if row["state"] == "done"]
        left_out = self._run_for_all(todo) if todo else []
        # who waits for the play to be mended was not written to
        self._forget_executions(left_out)
        waiting = {row["enrollment_id"] for row in left_out}
        through = [e for e in ids if e not in waiting]
        if through:
            self.play_id._advance(through, self._get_next_step(), now)
            self._log_step([row for row in todo if row not in left_out])
        return len(due)

    def _get_limit(self, limit):
        """Customers for whom the budget is enough; without any the play pauses."""
        affordable = self.play_id._count_affordable() if self.is_message else None
        if affordable is None:
            return limit
        if not affordable and self._has_due():
            self.play_id._pause_broken(
                self.env._(
                    "The budget is spent: raise it, then start the play again. Who is "
                    "under way goes on from there."
                )
            )
        return min(limit, affordable)

    def _has_due(self):
        return bool(
            self.env["lifecycle.play.enrollment"].search_count(
                [
                    ("step_id", "=", self.id),
                    ("state", "=", "running"),
                    ("arm", "=", "treated"),
                    ("next_date", "<=", fields.Datetime.now()),
                ],
                limit=1,
            )
        )

    def _take_due(self, now, limit):
        """Enrollments whose turn it is, locked; one that a user holds comes later."""
        fresh = SQL("TRUE")
        if self.play_id.stop_on_purchase:
            # of whom something is not yet computed, it is not known whether they bought
            fresh = SQL(
                """NOT EXISTS (SELECT FROM lifecycle_dirty d
                    JOIN res_partner contact ON contact.id = d.partner_id
                    WHERE d.company_id = e.company_id
                    AND contact.commercial_partner_id = e.partner_id)"""
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id FROM lifecycle_play_enrollment e
                WHERE e.step_id = %s AND e.state = 'running' AND e.next_date <= %s
                    AND %s
                ORDER BY e.next_date, e.id LIMIT %s FOR UPDATE SKIP LOCKED""",
                self.id,
                now,
                fresh,
                limit,
            )
        )
        return [enrollment_id for (enrollment_id,) in rows]

    def _put_off(self, ids, now):
        """Leave out whom a message would reach in quiet hours, until these end.

        Who is held out waits as long: what one buys meanwhile stops the play for both.
        """
        if not ids or not self.is_message:
            return ids
        ways = self.env["lifecycle.play.enrollment"].browse(ids)
        gate = self.env["lifecycle.gate"]
        allowed = gate._get_allowed_at(ways.partner_id, self.play_id.company_id, now)
        later = {
            way.id: allowed[way.partner_id.id]
            for way in ways
            if allowed.get(way.partner_id.id, now) > now
        }
        later = self._leave_out_never(later)
        if not later:
            return ids
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment e SET next_date = later.date
                FROM unnest(%s::int[], %s::timestamp[]) later (id, date)
                WHERE later.id = e.id""",
                list(later),
                list(later.values()),
            )
        )
        return [enrollment_id for enrollment_id in ids if enrollment_id not in later]

    def _leave_out_never(self, later):
        """Those who can be put off: some working hours are not quiet where they are.

        Of others the step is done in working hours, and the gate lets the message wait
        in the queue until their quiet hours end; else they would wait for ever.

        :param later: ``{enrollment id: end of the quiet hours}``
        """
        if not self.working_hours or not later:
            return later
        ways = self.env["lifecycle.play.enrollment"]
        # where quiet hours end at the same moment, it is the same time of the day
        some = {moment: way_id for way_id, moment in later.items()}
        never = {
            moment
            for moment, way_id in some.items()
            if not self._is_ever_open(moment, ways.browse(way_id).partner_id)
        }
        return {way_id: at for way_id, at in later.items() if at not in never}

    def _is_ever_open(self, moment, partner):
        """Whether working hours meet hours that are not quiet for a contact."""
        gate, company = self.env["lifecycle.gate"], self.play_id.company_id
        for _day in range(_TRIES):
            opening = self._get_opening(moment)
            if not opening:
                return False
            moment = gate._get_allowed_at(partner, company, opening)[partner.id]
            if moment == opening:
                return True
        return False

    def _write_executions(self, ids, now):
        """The records of the step for some enrollments, before anything is done.

        Where there is one already, there is nothing to do any more.

        :return: the new ones as dicts
        """
        company = self.play_id.company_id
        condition = self.play_id._get_condition(
            self.condition, company, company._get_lifecycle_today()
        )
        names = ("id", "enrollment_id", "partner_id", "profile_id", "state")
        rows = self.env.execute_query(
            SQL(
                """WITH written AS (
                    INSERT INTO lifecycle_play_execution (enrollment_id, play_id,
                        step_id, partner_id, company_id, arm, state, reason, date)
                    SELECT e.id, e.play_id, %(step)s, e.partner_id, e.company_id, e.arm,
                        CASE WHEN met AND e.arm = 'treated'
                            THEN 'done' ELSE 'skipped' END,
                        CASE WHEN NOT met THEN 'condition'
                            WHEN e.arm = 'control' THEN 'control' END,
                        %(now)s
                    FROM (
                        SELECT e.*, COALESCE(%(condition)s, FALSE) AS met
                        FROM lifecycle_play_enrollment e LEFT JOIN lifecycle_profile
                            ON lifecycle_profile.partner_id = e.partner_id
                            AND lifecycle_profile.company_id = e.company_id
                        WHERE e.id = ANY(%(ids)s)
                    ) e ORDER BY e.id
                    ON CONFLICT (enrollment_id, step_id) DO NOTHING
                    RETURNING id, enrollment_id, partner_id, state
                )
                SELECT w.id, w.enrollment_id, w.partner_id, p.id, w.state FROM written w
                JOIN lifecycle_play_enrollment e ON e.id = w.enrollment_id
                LEFT JOIN lifecycle_profile p ON p.partner_id = e.partner_id
                    AND p.company_id = e.company_id
                ORDER BY w.enrollment_id""",
                step=self.id,
                now=now,
                condition=condition,
                ids=ids,
            )
        )
        self.env["lifecycle.play.execution"].invalidate_model(flush=False)
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _forget_executions(self, rows):
        """Records of this very transaction, of what was not done in the end."""
        if rows:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM lifecycle_play_execution WHERE id = ANY(%s)",
                    [row["id"] for row in rows],
                )
            )

    def _get_next_step(self):
        self.ensure_one()
        place = (self.sequence, self.id)
        steps = self.play_id._get_steps()
        return steps.filtered(lambda step: (step.sequence, step.id) > place)[:1]
