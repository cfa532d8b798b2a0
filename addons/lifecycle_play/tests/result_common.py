"""Plays with customers in them, without waiting for the scheduled action."""

from datetime import datetime, time, timedelta

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class ResultCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.play = cls._create_play("Test play")
        cls.step = cls.play.step_ids
        cls.results = cls.env["lifecycle.play.result"]
        cls.outcomes = cls.env["lifecycle.play.outcome"]

    @classmethod
    def _create_play(cls, name, company=None, **values):
        return cls.env["lifecycle.play"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "entry_kind": "hand",
                "outcome_days": 30,
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Mail",
                            "kind": "mail",
                            "template_id": cls.env.ref(
                                "lifecycle_play.mail_template_welcome"
                            ).id,
                        },
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _enroll(cls, partners, arm, day, play=None):
        """Customers as they are in a play, entered on a day."""
        play = play or cls.play
        return cls.env["lifecycle.play.enrollment"].create(
            [
                {
                    "play_id": play.id,
                    "partner_id": partner.id,
                    "company_id": play.company_id.id,
                    "arm": arm,
                    "state": "done",
                    "source": "hand",
                    "entered_date": datetime.combine(day, time(9)),
                    "entered_day": day,
                    "end_date": datetime.combine(day, time(9)) + timedelta(days=1),
                }
                for partner in partners
            ]
        )

    @classmethod
    def _execute(cls, enrollments, day, step=None, **values):
        """What became of a step for customers."""
        step = step or cls.step
        return cls.env["lifecycle.play.execution"].create(
            [
                {
                    "enrollment_id": way.id,
                    "play_id": way.play_id.id,
                    "step_id": step.id,
                    "partner_id": way.partner_id.id,
                    "company_id": way.company_id.id,
                    "arm": way.arm,
                    "date": datetime.combine(day, time(10)),
                    **(
                        {"state": "done"}
                        if way.arm == "treated"
                        else {"state": "skipped", "reason": "control"}
                    ),
                    **values,
                }
                for way in enrollments
            ]
        )

    @classmethod
    def _partners(cls, count, name="Customer"):
        return cls.env["res.partner"].create(
            [{"name": f"{name} {number}"} for number in range(count)]
        )

    @classmethod
    def _bought(cls, partners, day, amount, company=None):
        """Purchases from before Odoo: many of them in one go."""
        company = company or cls.company
        imports = cls.env["lifecycle.import"]
        record = imports.search([("company_id", "=", company.id)], limit=1)
        record = record or imports.create(
            {"company_id": company.id, "name": "purchases.csv"}
        )
        return cls.env["lifecycle.history"].create(
            [
                {
                    "company_id": company.id,
                    "import_id": record.id,
                    "partner_id": partner.id,
                    "date": day,
                    "amount": amount,
                    "amount_company": amount,
                    "currency_id": company.currency_id.id,
                }
                for partner in partners
            ]
        )

    def _refresh_results(self, company=None):
        self.results._refresh(company or self.company)

    def _result(self, play=None, step=False):
        return self.results.search(
            [
                ("play_id", "=", (play or self.play).id),
                ("step_id", "=", step and step.id),
            ]
        )

    def _outcome_of(self, enrollment, step=False):
        return self.outcomes.search(
            [
                ("enrollment_id", "=", enrollment.id),
                ("step_id", "=", step and step.id),
            ]
        )
