"""Whoever waits for an answer to a complaint gets no marketing meanwhile."""

from odoo.tests import tagged

from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskGate(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = cls.env["lifecycle.gate"]
        cls.child = cls._partner(
            "Child", parent_id=cls.customer.id, email="child@example.com"
        )

    def _reason(self, partner=None, **values):
        partner = partner or self.customer
        return self.gate._check(partner, self.company, "mail", **values)[partner.id]

    def test_open_ticket_holds(self):
        self.assertFalse(self._reason())
        ticket = self._ticket(self.child)
        self.assertEqual(self._reason(), "open_complaint")  # the whole customer
        self.assertEqual(self._reason(self.child), "open_complaint")
        self.assertFalse(
            self._reason(self._partner("Other", email="other@example.com"))
        )
        ticket.stage_id = self.done
        self.assertFalse(self._reason())
        ticket.stage_id = self.progress
        self.assertEqual(self._reason(), "open_complaint")
        ticket.active = False
        self.assertFalse(self._reason())

    def test_of_the_company_that_writes(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self._ticket(company=other)
        self.assertFalse(self._reason())

    def test_switched_off(self):
        self._ticket()
        self.company.lifecycle_complaint_hold = False
        self.assertFalse(self._reason())

    def test_marked_ones_only(self):
        self.company.lifecycle_complaint_tickets = "marked"
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Complaint", "lifecycle_complaint": True}
        )
        ticket = self._ticket()
        self.assertFalse(self._reason())
        ticket.category_id = category
        self.assertEqual(self._reason(), "open_complaint")
        ticket.lifecycle_complaint = False  # an agent knows better
        self.assertFalse(self._reason())

    def test_tickets_of_plays_hold_nothing(self):
        play = self.env["lifecycle.play"].create(
            {"name": "Play", "company_id": self.company.id}
        )
        self._ticket(lifecycle_play_id=play.id)
        self.assertFalse(self._reason())

    def test_what_answers_the_complaint_passes(self):
        self._ticket()
        play = self.env["lifecycle.play"].create(
            {"name": "Play", "company_id": self.company.id}
        )
        self.assertEqual(self._reason(play=play), "open_complaint")
        play.answers_complaint = True
        self.assertFalse(self._reason(play=play))
        apology = self.env.ref("lifecycle_helpdesk.mail_template_apology")
        self.assertFalse(self._reason(key=f"mail.template,{apology.id}"))
        other = self.env.ref("lifecycle_helpdesk.mail_template_play_apology")
        self.assertEqual(
            self._reason(key=f"mail.template,{other.id}"), "open_complaint"
        )
        # all else that the gate asks for stays
        self.env["mail.blacklist"]._add(self.customer.email)
        self.assertEqual(self._reason(play=play), "blacklisted")

    def test_no_client_can_say_it(self):
        self._ticket()
        gate = self.gate.with_context(lifecycle_complaint=True)
        self.assertEqual(
            gate._check(self.customer, self.company, "mail")[self.customer.id],
            "open_complaint",
        )

    def test_queries_do_not_grow(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(30)]
        )
        for partner in partners:
            self._ticket(partner)
        counts = []
        for some in (partners[:2], partners):
            self.gate._check(some, self.company, "mail")
            before = self.env.cr.sql_log_count
            reasons = self.gate._check(some, self.company, "mail")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(reasons.values()), {"open_complaint"})
        self.assertEqual(*counts)
