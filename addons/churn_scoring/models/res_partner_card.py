from odoo import models


class ResPartner(models.Model):
    """Why, what is expected, what to do and past losses, on the card of a contact."""

    _inherit = "res.partner"

    def _get_lifecycle_card(self, profile):
        return {**super()._get_lifecycle_card(profile), "why": profile.churn_why}

    def _get_card_sections(self, profile):
        names = ("value_summary",)
        described = profile.fields_get(list(names), ["string", "help"])
        rows = [
            {
                "name": name,
                "label": described[name]["string"],
                "help": described[name].get("help", ""),
                "text": profile[name],
            }
            for name in names
            if profile[name]
        ]
        section = {"name": "expected", "title": self.env._("Expected"), "rows": rows}
        return super()._get_card_sections(profile) + ([section] if rows else [])

    def _get_card_value(self, profile):
        values = super()._get_card_value(profile)
        names = ("clv_expected", "revenue_at_risk")
        described = profile.fields_get(list(names), ["string", "help"])
        known = profile.churn_confidence
        return values + [
            {
                "name": name,
                "label": described[name]["string"],
                "help": described[name].get("help", ""),
                # where nothing is known, a dash and not a zero
                "value": profile[name] if known else None,
                "kind": "money",
            }
            for name in names
        ]

    # -- what happened -------------------------------------------------------------

    def _get_timeline_sources(self):
        return {**super()._get_timeline_sources(), "loss": "_get_timeline_losses"}

    def _get_timeline_losses(self, domain, limit):
        losses = self.env["churn.loss"]
        if not losses.has_access("read"):
            return []
        return [
            {
                "date": loss.date,
                "icon": "fa-user-times",
                "title": self.env._("Recorded as lost: %s", loss.reason_id.name),
                "text": loss.note or "",
                "model": loss._name,
                "id": loss.id,
            }
            for loss in losses.search(domain, limit=limit)
        ]
