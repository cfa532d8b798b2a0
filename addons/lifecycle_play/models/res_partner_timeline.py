from odoo import models


class ResPartner(models.Model):
    """Plays and messages on the card of a customer."""

    _inherit = "res.partner"

    def _get_timeline_sources(self):
        return {
            **super()._get_timeline_sources(),
            "play": "_get_timeline_plays",
            "message": "_get_timeline_messages",
        }

    def _get_timeline_plays(self, domain, limit):
        ways = self.env["lifecycle.play.enrollment"].search(
            domain, order="entered_date desc, id desc", limit=limit
        )
        labels = {
            name: dict(ways._fields[name]._description_selection(self.env))
            for name in ("state", "arm", "stop_reason")
        }
        return [
            {
                "date": way.entered_date,
                "icon": "fa-play-circle-o",
                "title": self.env._("Entered the play “%s”", way.play_id.name),
                "text": " · ".join(
                    filter(
                        None,
                        (
                            way.arm == "control" and labels["arm"][way.arm],
                            labels["state"][way.state],
                            labels["stop_reason"].get(way.stop_reason),
                        ),
                    )
                ),
                "model": way._name,
                "id": way.id,
            }
            for way in ways
        ]

    def _get_timeline_messages(self, domain, limit):
        # the log has the contact that was written to, the customer is its company
        messages = self.env["lifecycle.message"].search(
            [
                ("partner_id.commercial_partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
            ],
            limit=limit,
        )
        labels = {
            name: dict(messages._fields[name]._description_selection(self.env))
            for name in ("state", "reason", "source")
        }
        return [
            {
                "date": message.date,
                "icon": "fa-envelope-o" if message.channel == "email" else "fa-mobile",
                "title": message.display_name,
                "text": " · ".join(
                    filter(
                        None,
                        (
                            labels["state"][message.state],
                            labels["reason"].get(message.reason),
                            message.play_id.name or labels["source"][message.source],
                        ),
                    )
                ),
                "model": message._name,
                "id": message.id,
            }
            for message in messages
        ]
