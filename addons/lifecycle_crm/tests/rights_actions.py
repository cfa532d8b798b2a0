"""Server actions and reports that we bring: only who is meant to runs them."""

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .rights_common import SILENT
from .rights_file import Entry


class RightsActions:
    def _shipped(self, model):
        """Records of a model that our addons bring, as ``{record: external name}``."""
        found = self.env["ir.model.data"].search(
            [("module", "in", list(self.addons)), ("model", "=", model)], order="id"
        )
        return {
            self.env[model].browse(data.res_id): data.complete_name for data in found
        }

    def _server_actions(self):
        """All that can be run, those of scheduled actions and of rules among them."""
        actions = dict(self._shipped("ir.actions.server"))
        for cron, name in self._shipped("ir.cron").items():
            actions[cron.ir_actions_server_id] = name
        for rule, name in self._shipped("base.automation").items():
            actions |= dict.fromkeys(rule.action_server_ids, name)
        return actions

    def test_every_action_has_groups(self):
        actions = self._server_actions()
        self.assertGreater(len(actions), 15)
        for action, name in actions.items():
            with self.subTest(action=name):
                self.assertTrue(action.group_ids, "whoever may write may run it")
        if "lifecycle.play.step" in self.env:
            made = self.env["ir.actions.server"].search(
                [("lifecycle_step_id", "!=", False)]
            )
            self.assertTrue(made)
            self.assertFalse(made.filtered(lambda action: not action.group_ids))

    @mute_logger(*SILENT, "odoo.addons.base.models.ir_actions")
    def test_who_runs_an_action(self):
        """The call is refused to who is in none of its groups, whatever they write."""
        observed = {}
        for action, name in self._server_actions().items():
            addon, _dot, label = name.partition(".")
            cells = {}
            for role, user in self.users.items():
                allowed = bool(action.group_ids & user.all_group_ids)
                cells[role] = "x" if allowed else ""
                if not allowed:
                    with (
                        self.subTest(action=name, user=user.login),
                        self.assertRaises(AccessError),
                    ):
                        self._run(user, action)
            observed[Entry("action", addon, action.model_id.model, label)] = cells
        self._compare("action", observed)

    def _run(self, user, action):
        context = {
            "active_model": action.model_id.model,
            "active_ids": [self.samples["mine"].known.get(action.model_id.model, 1)],
        }
        return self._ask(user, "ir.actions.server", "run", action.ids, context=context)

    def test_reports(self):
        """None of ours is a document to print; whoever adds one, says for whom."""
        observed = {}
        for report, name in self._shipped("ir.actions.report").items():
            addon, _dot, label = name.partition(".")
            groups = report.group_ids
            observed[Entry("report", addon, report.model, label)] = {
                role: "x" if not groups or groups & user.all_group_ids else ""
                for role, user in self.users.items()
            }
        self._compare("report", observed)
