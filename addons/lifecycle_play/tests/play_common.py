from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class PlayCase(LifecycleCase):
    """A company with a first run behind it, and short ways to make plays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # at any hour, whatever the clock says
        cls.company.lifecycle_quiet = False
        cls.company.email = "shop@example.com"
        # steps of tests write often, and the same
        cls.company.lifecycle_message_cap = 0
        cls.company.lifecycle_duplicate_days = 0
        cls.template = cls.env["mail.template"].create(
            {
                "name": "We miss you",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "{{ object.name }}, we miss you",
                "body_html": "<p>Dear <t t-out='object.name'/>, come back.</p>",
                "use_default_to": True,
                "email_from": "shop@example.com",
                "auto_delete": False,
            }
        )

    @classmethod
    def _customer(cls, name, **values):
        email = f"{name.lower().replace(' ', '.')}@example.com"
        return cls._partner(name, **{"email": email, **values})

    @classmethod
    def _play(cls, steps=({},), **values):
        """A play that treats everybody, by default on coming into “Lapsed”.

        :param steps: values of each step, default a mail at once
        """
        return cls.env["lifecycle.play"].create(
            {
                "name": "Win back",
                "company_id": cls.company.id,
                "transition_kind": "stage",
                "to_stage_id": cls.env.ref("lifecycle_crm.stage_lapsed").id,
                "control_share": 0,
                "step_ids": [
                    (0, 0, {**cls._step(number), **step})
                    for number, step in enumerate(steps, 1)
                ],
                **values,
            }
        )

    @classmethod
    def _step(cls, number=1):
        return {
            "name": f"Step {number}",
            "sequence": number,
            "kind": "mail",
            "template_id": cls.template.id,
        }

    def _start(self, play):
        """Start a play, whatever looks like a mistake."""
        wizard = play.action_start()
        if wizard:
            self.env["lifecycle.play.start"].browse(wizard["res_id"]).action_start()
        self.assertEqual(play.state, "running")

    def _run_plays(self, day=None):
        """The scheduled action of plays."""
        if day is not None:
            with self.at(day):
                return self._run_plays()
        self.env.cr.flush()
        with self._no_commit():
            self.env["lifecycle.play"]._cron_run()
        return None

    def _ways(self, play, partner=None):
        """Enrollments of a play, the oldest first."""
        domain = [("play_id", "=", play.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        return self.env["lifecycle.play.enrollment"].search(domain, order="id")

    def _mails(self, partner):
        """Mails to a customer, the oldest first."""
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", partner.ids)], order="id"
        )

    def _enroll(self, play, partners):
        """Put customers into a play by hand."""
        wizard = self.env["lifecycle.play.enroll"].create(
            {"play_id": play.id, "partner_ids": [(6, 0, partners.ids)]}
        )
        wizard.action_enroll()

    def _raising_step(self, code):
        """A step that runs code on contacts."""
        action = self.env["ir.actions.server"].create(
            {
                "name": "Code",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": code,
            }
        )
        return {"kind": "action", "template_id": False, "action_id": action.id}


class StepCase(PlayCase):
    """One customer with a rhythm of ten days, and plays to put them into."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2026-05-01", 100)
        cls._order(cls.partner, "2026-05-11", 100)  # a gap of 10 days

    def _by_hand(self, *steps, **values):
        play = self._play(steps or ({},), entry_kind="hand", **values)
        self._start(play)
        return play

    def _dates(self, play):
        """When each step was done, of the one customer."""
        return [
            (execution.step_id.name, str(execution.date))
            for execution in self._ways(play).execution_ids.sorted("id")
        ]
