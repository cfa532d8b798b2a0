"""Promises in numbers: kept and broken, of all tickets in one query."""

from odoo import api, models


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    @api.depends("ticket_ids.promise_state")
    def _compute_promises(self):
        # counts of the company, also for who reads some of the tickets only
        groups = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("promise_rule_id", "in", self.ids)],
                ["promise_rule_id", "promise_state"],
                ["__count"],
            )
        )
        counts = {(rule.id, state): count for rule, state, count in groups}
        for rule in self:
            states = ("open", "kept", "broken")
            opened, kept, broken = (counts.get((rule.id, s), 0) for s in states)
            rule.open_count, rule.kept_count = opened, kept
            rule.broken_count = broken
            rule.promised_count = opened + kept + broken
            rule.kept_share = kept / (kept + broken) if kept + broken else 0
            rule.promise_summary = rule._say_promises()

    def _say_promises(self):
        """“Gold answered within 24 hours: kept 91 %, 14 broken”."""
        self.ensure_one()
        if not self.promised_count:
            return False
        promise = self._say_promise() if self.answer_hours else self.env._("no more")
        if not self.kept_count + self.broken_count:
            return self.env._(
                "%(rule)s, answered %(promise)s: none decided yet, %(open)s open",
                rule=self.name,
                promise=promise,
                open=self.open_count,
            )
        return self.env._(
            "%(rule)s, answered %(promise)s: kept %(share)s %%, %(broken)s broken",
            rule=self.name,
            promise=promise,
            # 100 % means none was broken
            share=int(self.kept_share * 100),
            broken=self.broken_count,
        )

    def action_view_tickets(self):
        """The tickets behind a figure; which one, is in the context."""
        self.ensure_one()
        state = self.env.context.get("promise_state")
        domain = [("promise_rule_id", "=", self.id)]
        if state:
            domain.append(("promise_state", "=", state))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "helpdesk.ticket",
            "view_mode": "list,kanban,form,pivot",
            "domain": domain,
            "context": {"active_test": False, "create": False},
        }
