"""The server action of a step, run for customers; who fails does not stop others."""

import logging

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import CONFLICTS

_logger = logging.getLogger(__name__)

# Customers in a row for whom a step fails before the play pauses.
FAILURES = 3


class StepBroken(Exception):
    """The step fails for one customer after the other."""


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _run_for_all(self, rows):
        """Run the action for customers; one for whom it fails does not stop others.

        :param rows: executions as dicts
        :return: those for whom nothing was done because the step is broken
        """
        failed, settled = [], []
        try:
            self._run_halving(rows, failed, settled)
        except StepBroken:
            self.play_id._pause_broken(self._get_failure_text(*failed[-1]))
            done = {row["id"] for row in settled}
            return [row for row in rows if row["id"] not in done]
        if failed:
            self._settle_failures(failed)
            self.play_id.failure_count += len(failed)
        return []

    def _run_halving(self, rows, failed, settled):
        """Run the action for rows, by halves where it fails.

        :param failed: failures since the last success, pairs of row and error; extended
        :param settled: rows that are dealt with; extended
        :raises StepBroken: after some failures in a row
        """
        callbacks = list(self.env.cr.postcommit._funcs)
        try:
            with self.env.cr.savepoint():
                self._run_action(rows)
        except CONFLICTS:
            raise
        except Exception as error:  # whatever the action is
            self.env.invalidate_all(flush=False)
            # what was to follow the commit must not follow for nothing, or twice
            self.env.cr.postcommit._funcs.clear()
            self.env.cr.postcommit._funcs.extend(callbacks)
            if len(rows) > 1:
                half = len(rows) // 2
                self._run_halving(rows[:half], failed, settled)
                self._run_halving(rows[half:], failed, settled)
                return
            _logger.warning(
                "Step %s failed for customer %s: %s",
                self.id,
                rows[0]["partner_id"],
                # what somebody typed may be in it: it stays one line of the log
                " ".join(str(error).split()),
            )
            failed.append((rows[0], error))
            if len(failed) + self.play_id.failure_count >= FAILURES:
                raise StepBroken from error
            return
        # somebody got it: those who failed before did so by themselves
        self._settle_failures(failed)
        settled.extend([*(row for row, _error in failed), *rows])
        failed.clear()
        if self.play_id.failure_count:
            self.play_id.failure_count = 0

    def _run_action(self, rows):
        """Run the server action for customers, under the gate's eyes."""
        model = self.action_id.model_id.model
        name = {
            "res.partner": "partner_id",
            "lifecycle.profile": "profile_id",
            "lifecycle.play.enrollment": "enrollment_id",
        }[model]
        with_record = [row for row in rows if row[name]]
        company = self.play_id.company_id
        token = self.env["lifecycle.gate"]._open(
            company,
            source="play",
            play=self.play_id,
            step=self,
            executions={row["partner_id"]: row["id"] for row in rows},
        )
        ids = [row[name] for row in with_record]
        if ids:
            self.action_id.with_context(
                active_model=model,
                active_ids=ids,
                active_id=ids[0],
                lifecycle_gate=token,
                mail_notify_force_send=False,
            ).with_company(company).run()
        self.env.flush_all()
        self._settle_held(with_record, token.get_reasons())
        without = [row["id"] for row in rows if not row[name]]
        if without:
            self._change_executions(without, "skipped", "no_profile")

    def _settle_held(self, rows, reasons):
        """Who got nothing because the gate held all of it, was skipped.

        :param reasons: ``{(channel, contact): [reason or False]}``
        """
        answers = {}
        for (_channel, partner_id), found in reasons.items():
            answers.setdefault(partner_id, []).extend(found)
        held = {}
        for row in rows:
            found = answers.get(row["partner_id"])
            if found and all(found):
                held.setdefault(found[0], []).append(row["id"])
        for reason, ids in held.items():
            self._change_executions(ids, "skipped", reason)

    @api.model
    def _change_executions(self, ids, state, reason=None, error=None):
        """Records of this very transaction: what has become of them."""
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_execution
                SET state = %s, reason = %s, error = %s WHERE id = ANY(%s)""",
                state,
                reason,
                error,
                ids,
            )
        )
        self.env["lifecycle.play.execution"].invalidate_model(flush=False)

    def _settle_failures(self, failed):
        for row, error in failed:
            text = self.play_id._get_error_text(error)
            self._change_executions([row["id"]], "failed", error=text)

    def _get_failure_text(self, row, error):
        partner = self.env["res.partner"].browse(row["partner_id"])
        return self.env._(
            "Step “%(step)s” failed for %(count)s customers in a row, last for "
            "%(customer)s: %(error)s\nMend the step, then start the play again: who "
            "did not get it yet will.",
            step=self.name,
            count=FAILURES,
            customer=partner.display_name,
            error=self.play_id._get_error_text(error),
        )
