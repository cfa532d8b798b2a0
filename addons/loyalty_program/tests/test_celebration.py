from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestCelebration(PointsCase):
    """Birthdays, and who is enrolled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.celebration_points = 50
        cls.ann.club_date = "1980-07-10"
        cls.card = cls.club._get_member_card(cls.ann)

    def _celebrate(self, day):
        with self.at(day), self._no_commit():
            self.env["loyalty.card"]._cron_celebrate()
        return self.card.points

    def test_once_a_year_on_the_day(self):
        self.assertEqual(self._celebrate("2026-07-09"), 0)
        for day in ("2026-07-10", "2026-07-10", "2026-07-11", "2026-12-31"):
            self.assertEqual(self._celebrate(day), 50)
        [gift] = self._entries(self.card, "gift")
        self.assertEqual(gift.day, date(2026, 7, 10))
        self.assertEqual(self._celebrate("2027-07-10"), 100)
        self._assert_balanced(self.card)

    def test_29_february(self):
        self.ann.club_date = "1984-02-29"
        self.assertEqual(self._celebrate("2027-02-27"), 0)
        self.assertEqual(self._celebrate("2027-02-28"), 50)
        self.assertEqual(self._celebrate("2027-03-01"), 50)
        self.assertEqual(self._celebrate("2028-02-28"), 50)
        self.assertEqual(self._celebrate("2028-02-29"), 100)

    def test_missed_nights_are_made_up_for(self):
        self.ann.club_date = "1980-12-30"
        self.assertEqual(self._celebrate("2027-01-02"), 50)
        self.assertEqual(self._celebrate("2027-01-03"), 50)
        # and not for ever
        bob = self._partner("Bob", club_date="1980-06-01")
        card = self.club._get_member_card(bob)
        self._celebrate("2026-06-20")
        self.assertEqual(card.points, 0)

    def test_moved_date_is_no_second_gift(self):
        self.assertEqual(self._celebrate("2026-07-10"), 50)
        self.ann.club_date = "1980-08-10"
        self.assertEqual(self._celebrate("2026-08-10"), 50)

    def test_archived_programme_gives_nothing(self):
        self.club.active = False
        self.assertEqual(self._celebrate("2026-07-10"), 0)

    def test_message_goes_through_the_gate(self):
        template = self.env.ref("loyalty_program.mail_template_birthday")
        self.club.celebration_template_id = template
        self.ann.email = "ann@example.com"
        bob = self._partner("Bob", email="bob@example.com", club_date="1980-07-10")
        self.club._get_member_card(bob)
        self.env["mail.blacklist"]._add("bob@example.com")
        self._celebrate("2026-07-10")
        mails = self.env["mail.mail"].search([])
        self.assertEqual(len(mails.filtered(lambda m: self.ann in m.recipient_ids)), 1)
        self.assertIn("50", mails.filtered(lambda m: self.ann in m.recipient_ids).body)
        self.assertFalse(mails.filtered(lambda m: bob in m.recipient_ids))
        held = self.env["lifecycle.message"].search([("partner_id", "=", bob.id)])
        self.assertEqual(held.mapped("reason"), ["blacklisted"])

    def test_enrol_a_segment_without_a_message(self):
        acme = self._partner("Acme", is_company=True, email="acme@example.com")
        one = self._partner("One", parent_id=acme.id)
        before = self.env["mail.mail"].search_count([])
        action = self.env.ref("loyalty_program.action_enrol_partner")
        self.club.card_per_company = True
        for _i in range(2):
            action.with_context(
                active_model="res.partner", active_ids=(self.ann | acme | one).ids
            ).run()
        cards = self.env["loyalty.card"].search([("program_id", "=", self.club.id)])
        self.assertEqual(cards.partner_id, self.ann | acme)
        self.assertEqual(len(cards), 2)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_enrol_without_a_programme(self):
        self.club.active = False
        self.env["loyalty.program"].search([]).active = False
        with self.assertRaisesRegex(UserError, "Points Club"):
            self.ann.action_enrol_in_club()

    def test_messages_take_hardly_more_queries_for_many(self):
        self.club.celebration_template_id = self.env["mail.template"].create(
            {
                "name": "Happy birthday",
                "subject": "Happy birthday",
                "model_id": self.env["ir.model"]._get_id("loyalty.card"),
                "use_default_to": True,
            }
        )
        mails = self.env["mail.mail"]

        def celebrate(count, day):
            for number in range(count):
                partner = self._partner(
                    f"{day} {number}", email=f"m{number}.{count}@example.com",
                    club_date=day,
                )  # fmt: skip
                self.club._get_member_card(partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before, sent = self.env.cr.sql_log_count, mails.search_count([])
            self._celebrate(day)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(mails.search_count([]) - sent, count)
            return queries

        celebrate(1, "2026-08-01")  # what is read once
        few = celebrate(2, "2026-08-03")
        self.assertLess(celebrate(40, "2026-08-20"), few + 40)
