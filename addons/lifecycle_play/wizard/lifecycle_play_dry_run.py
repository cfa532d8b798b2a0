from odoo import api, fields, models
from odoo.exceptions import UserError

# Customers that the list shows, and those whose messages are rendered.
_LISTED = 200
_RENDERED = 5


class LifecyclePlayDryRun(models.TransientModel):
    """Who would enter a play, and what they would get.  Nothing is sent."""

    _name = "lifecycle.play.dry.run"
    _description = "Dry Run of a Play"
    _rec_name = "play_id"

    play_id = fields.Many2one("lifecycle.play", required=True, readonly=True)
    play_state = fields.Selection(related="play_id.state")
    mode = fields.Selection(
        [
            ("today", "Who would enter today"),
            ("standing", "Who is there already"),
            ("missed", "Who came by a change of rules"),
        ],
        string="Show",
        default="today",
        required=True,
    )
    entering_count = fields.Integer(string="Would Enter", readonly=True)
    treated_count = fields.Integer(
        string="Would Get the Steps", compute="_compute_treated_count"
    )
    control_count = fields.Integer(string="Held Out", readonly=True)
    standing_count = fields.Integer(
        string="There Already",
        readonly=True,
        help="Customers whom the entry rule would take, but who came before the play "
        "was started. They enter only if somebody puts them in.",
    )
    line_ids = fields.One2many(
        "lifecycle.play.dry.run.line", "dry_run_id", string="Who Would Enter"
    )
    message_ids = fields.One2many(
        "lifecycle.play.dry.run.message", "dry_run_id", string="Messages"
    )
    sample_note = fields.Char(readonly=True)

    @api.depends("entering_count", "control_count")
    def _compute_treated_count(self):
        for dry_run in self:
            dry_run.treated_count = dry_run.entering_count - dry_run.control_count

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry Run"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _get_candidates(self):
        selects = {
            "today": self.play_id._select_today,
            "standing": self.play_id._select_standing,
            "missed": self.play_id._select_missed,
        }
        return selects[self.mode]()

    def _fill(self):
        """Look who would enter, and render what they would get."""
        self.ensure_one()
        play = self.play_id
        candidates = self._get_candidates()
        arms = play._count_arms(candidates)
        rows = play._find_entrants(candidates, _LISTED)
        standing = sum(play._count_arms(play._select_standing()).values())
        samples = [partner_id for partner_id, arm in rows if arm == "treated"]
        note = False
        if not samples:
            # to see what it will look like, somebody who is not meant now will do
            others = play._find_entrants(play._select_standing(), _RENDERED)
            samples = [partner_id for partner_id, _arm in others]
            if samples:
                note = self.env._(
                    "Nobody would get it now: these messages are as customers who are "
                    "there already would get them."
                )
        partners = self.env["res.partner"].browse(samples[:_RENDERED])
        self.write(
            {
                "entering_count": sum(arms.values()),
                "control_count": arms.get("control", 0),
                "standing_count": standing,
                "sample_note": note,
                "line_ids": [
                    fields.Command.clear(),
                    *map(fields.Command.create, self._get_lines(rows)),
                ],
                "message_ids": [
                    fields.Command.clear(),
                    *map(fields.Command.create, self._get_messages(partners)),
                ],
            }
        )

    def _get_lines(self, rows):
        """Values of the list: customers, and whom the gate would hold."""
        play = self.play_id
        treated = [partner_id for partner_id, arm in rows if arm == "treated"]
        partners = self.env["res.partner"].browse(treated)
        step = play._get_steps().filtered("is_message")[:1]
        held = step._ask_gate(partners) if step else {}
        return [
            {
                "partner_id": partner_id,
                "arm": arm,
                "reason": held.get(partner_id) or False,
            }
            for partner_id, arm in rows
        ]

    def _get_messages(self, partners):
        return [
            values
            for step in self.play_id._get_steps().filtered("is_message")
            for values in step._render_for(partners)
        ]

    def action_show_today(self):
        return self._show("today")

    def action_show_standing(self):
        return self._show("standing")

    def _show(self, mode):
        self.mode = mode
        self._fill()
        return self._get_action()

    def action_enroll(self):
        """Put in those whom the list is about."""
        self.ensure_one()
        self.play_id.check_access("write")
        if self.play_id.state != "running":
            raise UserError(
                self.env._(
                    "“%s” is not running. Start it before you put customers into it.",
                    self.play_id.name,
                )
            )
        count = self.play_id.sudo()._enter("hand", self._get_candidates())
        if self.mode == "missed":
            self.play_id.action_forget_missed()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s customers entered.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
