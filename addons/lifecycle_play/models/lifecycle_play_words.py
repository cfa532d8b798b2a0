"""Who enters and when steps come, in a few words, for lists and cards."""

from odoo import api, fields, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    entry_text = fields.Char(
        string="Who Enters",
        compute="_compute_entry_text",
        help="What lets customers in.",
    )

    @api.depends(
        lambda self: [
            *("entry_kind", "transition_kind"),
            *("date_field_id", "date_offset", "date_yearly"),
            # the ends of what addons add, too
            *(name for name in self._fields if name.startswith(("from_", "to_"))),
        ]
    )
    @api.depends_context("lang")
    def _compute_entry_text(self):
        for play in self:
            if play.entry_kind == "transition":
                play.entry_text = play._get_change_text()
            elif play.entry_kind == "date":
                play.entry_text = play._get_date_text()
            else:
                kinds = self._fields["entry_kind"]._description_selection(self.env)
                play.entry_text = dict(kinds).get(play.entry_kind)

    def _get_change_text(self):
        """As “Stage: Active → Lapsed”, or “Stage: to Lapsed”."""
        self.ensure_one()
        what = dict(self._selection_transition_kind()).get(self.transition_kind, "")
        ends = []
        for name in self._get_end_names():
            value = self[name] if name in self._fields else False
            if value and not self._fields[name].relational:
                value = dict(self._fields[name]._description_selection(self.env))[value]
            elif value:
                value = value.display_name
            ends.append(value)
        source, target = ends if len(ends) == 2 else (False, False)
        if source and target:
            ends = {"what": what, "from": source, "to": target}
            return self.env._("%(what)s: %(from)s → %(to)s", **ends)
        if target:
            return self.env._("%(what)s: to %(end)s", what=what, end=target)
        if source:
            return self.env._("%(what)s: from %(end)s", what=what, end=source)
        return self.env._("%s: any change", what)

    def _get_date_text(self):
        """As “3 days before Next Order”."""
        self.ensure_one()
        # how it is called is no secret
        name = self.date_field_id.sudo().field_description or "…"
        if self.date_yearly:
            name = self.env._("%s, every year", name)
        if self.date_offset > 0:
            return self.env._(
                "%(days)s days after %(date)s", days=self.date_offset, date=name
            )
        if self.date_offset < 0:
            return self.env._(
                "%(days)s days before %(date)s", days=-self.date_offset, date=name
            )
        return name


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    timing_text = fields.Char(
        string="When",
        compute="_compute_timing_text",
        help="How long the step waits, and from when on.",
    )

    @api.depends("delay_value", "delay_kind", "delay_from", "working_hours")
    @api.depends_context("lang")
    def _compute_timing_text(self):
        for step in self:
            text = step._get_delay_text()
            if step.working_hours:
                text = self.env._("%s, in working hours", text)
            step.timing_text = text

    def _get_delay_text(self):
        self.ensure_one()
        from_entry = self.delay_from == "entry"
        if not self.delay_value:
            if from_entry:
                return self.env._("On entering")
            return self.env._("At once")
        units = dict(self._fields["delay_kind"]._description_selection(self.env))
        wait = f"{self.delay_value:g} {units[self.delay_kind].lower()}"
        if self.delay_value == 1 and self.delay_kind == "days":
            wait = self.env._("1 day")
        elif self.delay_value == 1 and self.delay_kind == "hours":
            wait = self.env._("1 hour")
        if from_entry:
            return self.env._("%s after entering", wait)
        return self.env._("%s later", wait)
