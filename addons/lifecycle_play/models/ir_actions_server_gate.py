from dataclasses import replace

from odoo import api, fields, models
from odoo.http import request

from .ir_actions_server_step import MESSAGE_STATES


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    lifecycle_gate = fields.Boolean(
        string="Through the Gate",
        compute="_compute_lifecycle_gate",
        store=True,
        readonly=False,
        precompute=True,
        help="Messages to customers respect consent, blacklist, the weekly limit, open "
        "complaints and quiet hours, and carry a link to unsubscribe. In a play they "
        "always do.",
    )

    @api.depends("model_id", "state")
    def _compute_lifecycle_gate(self):
        """By default on lists of customers, where Odoo itself asks nothing."""
        gate = self.env["lifecycle.gate"]
        for action in self:
            name = action.model_id.sudo().model
            action.lifecycle_gate = gate._is_customer_model(name) or (
                name == "res.partner" and action.state in MESSAGE_STATES
            )

    def _run(self, records, eval_context):
        """What the action sends passes the gate, whatever it does to send it."""
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        if token is None and self.lifecycle_gate:
            token = gate._open(source=self._get_lifecycle_source())
        if token is None:
            return super()._run(records, eval_context)
        token = replace(token, action=self.id, model=self.model_id.model, key=None)
        context = {"lifecycle_gate": token, "mail_notify_force_send": False}
        # what the action works with stands in the context of its own
        env = eval_context["env"]
        eval_context["env"] = env(context={**env.context, **context})
        for name in ("model", "record", "records"):
            if eval_context.get(name) is not None:
                eval_context[name] = eval_context[name].with_context(**context)
        return super(IrActionsServer, self.with_context(**context))._run(
            records.with_context(**context), eval_context
        )

    @api.model
    def _get_lifecycle_source(self):
        """What runs the action, of the sources of the gate."""
        if "__action_done" in self.env.context:
            return "automation"
        path = request.httprequest.path if request else ""
        return "hand" if path.startswith("/web/action/run") else "action"

    def _run_action_mail_post_multi(self, eval_context=None):
        """Under a token of the gate: only for who passes, all of them at once."""
        gate = self.env["lifecycle.gate"]
        res_ids = self._get_lifecycle_ids()
        if not (gate._get_token() and self.template_id and res_ids):
            return super()._run_action_mail_post_multi(eval_context)
        if self._is_recompute():
            return False
        if self.mail_post_method == "email":
            template = self.template_id.with_context(
                default_type=None,
                default_parent_id=None,
                mail_post_autofollow_author_skip=True,
            )
            template.send_mail_batch(res_ids)
            return False
        template = self.template_id._lifecycle_narrow(gate._get_token())
        passed = template._lifecycle_pass(res_ids)
        if not passed:
            return False
        action = self.with_context(
            active_ids=passed,
            active_id=passed[0],
            lifecycle_gate=template.env["lifecycle.gate"]._get_token(),
        )
        return super(IrActionsServer, action)._run_action_mail_post_multi(eval_context)

    def _run_action_sms_multi(self, eval_context=None):
        """Under a token of the gate: only for who passes."""
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        records = eval_context.get("records") or eval_context.get("record")
        if not (token and self.sms_template_id and records):
            return super()._run_action_sms_multi(eval_context)
        if self._is_recompute():
            return False
        passed = self.sms_template_id._lifecycle_pass(token, records)
        if not passed:
            return False
        eval_context = {**eval_context, "record": passed[:1], "records": passed}
        token = passed.env["lifecycle.gate"]._get_token()
        action = self.with_context(lifecycle_gate=token)
        return super(IrActionsServer, action)._run_action_sms_multi(eval_context)

    def _get_lifecycle_ids(self):
        context = self.env.context
        single = [context["active_id"]] if context.get("active_id") else []
        return list(context.get("active_ids") or single)
