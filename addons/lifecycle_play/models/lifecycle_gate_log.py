"""The log of the gate, written in the transaction of the message itself."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _log(self, token, company, channel, verdicts, at):
        """Write down what was decided.

        :param verdicts: ``{contact id: GateVerdict}``
        :return: the same, with the rows of the log and with what quiet hours hold
        """
        verdicts = {
            partner_id: replace(
                verdict, reason=self._get_reason_of(verdict, at, token.quiet)
            )
            for partner_id, verdict in verdicts.items()
        }
        self._lock_customers(company, verdicts)
        ids = dict(self._insert_messages(token, company, channel, verdicts, at))
        self.env["lifecycle.message"].invalidate_model(flush=False)
        return {
            partner_id: replace(verdict, message_id=ids.get(partner_id))
            for partner_id, verdict in verdicts.items()
        }

    @api.model
    def _lock_customers(self, company, verdicts):
        """Let no other worker write to the same customers at once.

        A transaction sees nothing that is committed after it began, so a lock alone
        would let both through.  Here the second one gets a serialization failure,
        which Odoo, or the play, answers by doing all again.
        """
        passed = [
            partner_id for partner_id, verdict in verdicts.items() if not verdict.reason
        ]
        if not passed:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_gate_lock (company_id, partner_id, date)
                SELECT DISTINCT %s, commercial_partner_id, %s::timestamp
                FROM res_partner WHERE id = ANY(%s)
                ORDER BY commercial_partner_id
                ON CONFLICT (company_id, partner_id) DO UPDATE
                    SET date = excluded.date""",
                company.id,
                fields.Datetime.now(),
                passed,
            )
        )

    @api.model
    def _insert_messages(self, token, company, channel, verdicts, at):
        """Rows of the log: pairs of contact and id.  Deleted contacts have none."""
        # what the row names must be there, also in this transaction
        self.env.cr.flush()
        rows = [
            (
                partner_id,
                "held" if verdict.reason else "sent",
                verdict.reason or None,
                at if verdict.reason else max(at, verdict.allowed_at),
                verdict.address,
                token.executions.get(partner_id),
            )
            for partner_id, verdict in verdicts.items()
        ]
        columns = list(zip(*rows, strict=True))
        return self.env.execute_query(
            SQL(
                """INSERT INTO lifecycle_message (
                    partner_id, state, reason, date, address, execution_id,
                    company_id, channel, source, play_id, step_id, action_id,
                    template_key, user_id
                )
                SELECT rows.*, %s, %s, %s, %s::int, %s::int, %s::int, %s::varchar, %s
                FROM unnest(
                    %s::int[], %s::varchar[], %s::varchar[], %s::timestamp[],
                    %s::varchar[], %s::int[]
                ) AS rows (partner_id)
                WHERE EXISTS (
                    SELECT FROM res_partner WHERE res_partner.id = rows.partner_id
                )
                RETURNING partner_id, id""",
                company.id,
                channel,
                token.source,
                token.play,
                token.step,
                token.action,
                token.key,
                self.env.uid,
                *map(list, columns),
            )
        )

    @api.model
    def _link_messages(self, links):
        """Tie rows of the log to the mails that were queued for them.

        :param links: triples of row, mail and message, ids or None
        """
        if not links:
            return
        columns = [list(column) for column in zip(*links, strict=True)]
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_message AS message
                SET mail_id = links.mail_id, mail_message_id = links.mail_message_id
                FROM unnest(%s::int[], %s::int[], %s::int[])
                    AS links (id, mail_id, mail_message_id)
                WHERE message.id = links.id""",
                *columns,
            )
        )
        self.env["lifecycle.message"].invalidate_model(flush=False)

    @api.model
    def _hold_messages(self, message_ids, reason):
        """Note that messages that were handed to the queue did not go after all."""
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_message SET state = 'held', reason = %s
                WHERE id = ANY(%s)""",
                reason,
                list(message_ids),
            )
        )
        self.env["lifecycle.message"].invalidate_model(flush=False)


class LifecycleGateLock(models.Model):
    """When a company last wrote to a customer: what two workers collide on.

    Without foreign keys, so that merging contacts does not stumble over it.
    """

    _name = "lifecycle.gate.lock"
    _description = "Lock of the Gate"
    _log_access = False
    _rec_name = "date"

    company_id = fields.Integer(required=True, readonly=True)
    partner_id = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _company_partner_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id)",
        "One lock for each customer and company.",
    )

    @api.autovacuum
    def _gc_locks(self):
        """A transaction is over after a day: its locks are of no use any more."""
        self.env.cr.execute(
            "DELETE FROM lifecycle_gate_lock"
            " WHERE date < now() AT TIME ZONE 'UTC' - interval '1 day'"
        )
