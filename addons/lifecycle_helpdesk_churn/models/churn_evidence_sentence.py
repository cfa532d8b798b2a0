from odoo import models


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    def _say_ticket(self):
        values = {"ticket": self.figures["ticket"], "day": self._say_day(self.date)}
        if self.figures.get("complaint"):
            return self.env._("Complaint %(ticket)s on %(day)s", **values)
        return self.env._("Ticket %(ticket)s on %(day)s", **values)

    def _say_ticket_reopened(self):
        return self.env._(
            "Ticket %(ticket)s was closed, and opened again on %(day)s",
            ticket=self.figures["ticket"],
            day=self._say_day(self.date),
        )

    def _say_ticket_wait(self):
        figures = self.figures
        if "days" in figures:
            return self.env._(
                "Ticket %(ticket)s got its first answer after %(span)s",
                ticket=figures["ticket"],
                span=self._say_days(int(figures["days"])),
            )
        return self.env._(
            "Ticket %(ticket)s has waited for an answer for %(span)s",
            ticket=figures["ticket"],
            span=self._say_span(figures["since"]),
        )

    def _say_ticket_promise(self):
        figures = self.figures
        lang = self.env.lang or "en_US"
        names = figures["promise"] or {}
        return self.env._(
            "Ticket %(ticket)s was not answered by %(day)s, as promised (%(promise)s)",
            ticket=figures["ticket"],
            day=self._say_day(self.date),
            promise=names.get(lang) or names.get("en_US") or "",
        )

    def _say_ticket_sla(self):
        return self.env._(
            "The SLA “%(sla)s” of ticket %(ticket)s was broken on %(day)s",
            sla=self.figures["sla"],
            ticket=self.figures["ticket"],
            day=self._say_day(self.date),
        )

    def _say_bad_rating(self):
        return self.env._(
            "Rated ticket %(ticket)s with %(rating)s of 5 on %(day)s",
            ticket=self.figures["ticket"],
            rating=f"{self.figures['rating']:g}",
            day=self._say_day(self.date),
        )
