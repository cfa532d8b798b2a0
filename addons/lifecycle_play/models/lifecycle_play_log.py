"""What plays do for a customer is told on the chatter of the contact."""

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def _log_ways(self, limit):
        """Tell of customers who entered, came to the end, or stopped.

        Not where it happens: a hundred thousand may enter in one statement.

        :return: number of customers
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, partner_id, arm, state, stop_reason, logged_state
                FROM lifecycle_play_enrollment
                WHERE play_id = %s AND logged_state IS DISTINCT FROM state
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                self.id,
                limit,
            )
        )
        if not rows:
            return 0
        bodies = {
            partner_id: self._get_way_text(arm, state, reason, logged is None)
            for _id, partner_id, arm, state, reason, logged in rows
        }
        self._log_on_contacts(bodies)
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment SET logged_state = state
                WHERE id = ANY(%s)""",
                [row[0] for row in rows],
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        return len(rows)

    def _get_way_text(self, arm, state, reason, entered):
        """What became of a customer in the play, in words."""
        texts = []
        if entered and arm == "control":
            texts.append(
                self.env._("Entered, and is held out for comparison: gets no step.")
            )
        elif entered:
            texts.append(self.env._("Entered."))
        if state == "done":
            texts.append(self.env._("Came to the end."))
        elif state == "stopped":
            ways = self.env["lifecycle.play.enrollment"]
            reasons = dict(ways._fields["stop_reason"]._description_selection(self.env))
            texts.append(self.env._("Stopped: %s.", reasons.get(reason, reason)))
        return " ".join(texts)

    def _log_on_contacts(self, bodies):
        """
        :param bodies: ``{contact id: text}``
        """
        play = Markup("<a href='#' data-oe-model='%s' data-oe-id='%s'>%s</a>") % (
            self._name,
            self.id,
            self.env._("Play “%s”", self.name),
        )
        partners = self.env["res.partner"].browse(bodies)
        partners._lifecycle_log(
            self.company_id,
            {
                partner_id: Markup("%s: %s") % (play, text)
                for partner_id, text in bodies.items()
            },
        )


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _log_step(self, rows):
        """Tell of a step that was done, or not, for customers.

        :param rows: executions as dicts
        """
        self.ensure_one()
        executions = self.env["lifecycle.play.execution"].browse(
            row["id"] for row in rows
        )
        reasons = dict(executions._fields["reason"]._description_selection(self.env))
        bodies = {}
        for execution in executions:
            if execution.state == "done":
                text = self.env._("step “%s” done.", self.name)
            elif execution.state == "skipped":
                text = self.env._(
                    "step “%(step)s” skipped: %(reason)s.",
                    step=self.name,
                    reason=reasons.get(execution.reason, execution.reason),
                )
            else:
                text = self.env._("step “%s” failed.", self.name)
            bodies[execution.partner_id.id] = text
        self.play_id._log_on_contacts(bodies)
