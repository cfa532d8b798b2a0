"""Starting, pausing and ending plays."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def action_start(self):
        """Start, after asking where something looks like a mistake."""
        self.ensure_one()
        self.check_access("write")
        self._check_ready()
        if warnings := self._get_start_warnings():
            wizard = self.env["lifecycle.play.start"].create(
                {"play_id": self.id, "warning": "\n".join(warnings)}
            )
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Start the Play"),
                "res_model": wizard._name,
                "res_id": wizard.id,
                "view_mode": "form",
                "target": "new",
            }
        self._start()
        return False

    def _start(self):
        """Let customers in from now on."""
        for play in self:
            today = play.company_id._get_lifecycle_today()
            play.write(
                {
                    "state": "running",
                    "start_date": fields.Datetime.now(),
                    # whose date was on an earlier day, does not enter
                    "date_checked": fields.Date.subtract(today, days=1),
                    "seen_transition_id": self._get_last_transition_id(),
                    "error": False,
                    "failure_count": 0,
                }
            )
        self._call()

    @api.constrains("state")
    def _check_state(self):
        """However a play comes to run, it is checked before."""
        for play in self:
            if play.state == "running":
                play.sudo(False)._check_ready()

    def action_pause(self):
        self.check_access("write")
        self.filtered(lambda play: play.state == "running").state = "paused"

    def action_end(self):
        """End: who is still on the way gets no further step."""
        self.check_access("write")
        self.write({"state": "done"})
        # of a play that the user may change, no customer gets anything
        self.sudo()._end_ways(SQL("e.play_id = ANY(%s)", self.ids), "play")

    def action_draft(self):
        self.check_access("write")
        self.filtered(lambda play: play.state == "done").state = "draft"

    def _pause_broken(self, text):
        """Pause, and tell the owner what is wrong."""
        self.ensure_one()
        self.write({"state": "paused", "error": text})
        owner = self.user_id if self.user_id.active else self.env.user
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("The play was paused"),
            note=text,
            user_id=owner.id,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_customers(self):
        """What a play did for customers stays told."""
        if used := self.filtered("enrollment_count"):
            raise UserError(
                self.env._(
                    "%s: customers went through it. End and archive it instead of "
                    "deleting it: what it did stays in the reports.",
                    ", ".join(used.mapped("name")),
                )
            )

    def write(self, vals):
        if vals.get("active") is False:
            running = self.filtered(lambda play: play.state == "running")
            if running:
                raise UserError(
                    self.env._(
                        "%s: it is running. Pause or end it before you archive it.",
                        ", ".join(running.mapped("name")),
                    )
                )
        if "company_id" in vals:
            moved = self.filtered(
                lambda play: (
                    play.enrollment_count and play.company_id.id != vals["company_id"]
                )
            )
            if moved:
                raise UserError(
                    self.env._(
                        "Company: customers of %(company)s went through “%(play)s”. "
                        "Duplicate the play for the other company instead.",
                        company=moved[0].company_id.name,
                        play=moved[0].name,
                    )
                )
        return super().write(vals)

    # -- what there is of it ---------------------------------------------------------

    def action_view_enrollments(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_play_enrollment"
        )
        state = self.env.context.get("enrollment_state")
        domain = [("play_id", "=", self.id)]
        if state:
            domain.append(("state", "=", state))
        return {**action, "domain": domain, "context": {}}
