from odoo import api, models

# What is shown; the list has all of them.
_MOST = 8


class LifecycleDashboard(models.AbstractModel):
    """Plays, and whether they earned anything."""

    _inherit = "lifecycle.dashboard"

    @api.model
    def _get_parts(self, scope):
        return {**super()._get_parts(scope), "plays": self._get_plays()}

    @api.model
    def _get_plays(self):
        """Plays that were started, those that run first, with their verdicts.

        They are of the whole company, whatever team was chosen.

        :return: False for who may not read results, else ``{lines, more, drafts}``
        """
        results = self.env["lifecycle.play.result"]
        if not results.has_access("read"):
            return False
        domain = [("company_id", "=", self.env.company.id)]
        plays = self.env["lifecycle.play"].search(domain)
        by_play = {
            result.play_id: result
            for result in results.search([*domain, ("step_id", "=", False)])
        }
        # those that are shipped wait, paused, until somebody starts them
        started = plays.filtered(
            lambda play: play.start_date or by_play.get(play, results).entered_count
        )
        ranks = {"running": 0, "paused": 1}
        started = started.sorted(lambda play: (ranks.get(play.state, 2), play.id))
        states = dict(plays._fields["state"]._description_selection(self.env))
        verdicts = dict(results._fields["verdict"]._description_selection(self.env))
        lines = []
        for play in started[:_MOST]:
            result = by_play.get(play, results)
            lines.append(
                {
                    "id": play.id,
                    "name": play.name,
                    "state": states[play.state],
                    "running": play.state == "running",
                    "entered": result.entered_count,
                    "verdict": result.verdict or False,
                    "verdict_name": verdicts.get(result.verdict, ""),
                    "text": play.verdict_text,
                }
            )
        return {
            "lines": lines,
            "more": max(0, len(started) - _MOST),
            "drafts": len(plays - started),
        }
