"""The plays that are shipped: paused, complete, and good to be switched on."""

import re
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase

PLAYS = (
    "welcome",
    "second_order",
    "win_back",
    "ask_why",
    "referral",
    "birthday",
    "anniversary",
    "call_back",
    "reduction",
)


@tagged("post_install", "-at_install")
class TestShippedPlays(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plays = cls.env["lifecycle.play"].union(
            *(cls.env.ref(f"lifecycle_play.play_{name}").sudo() for name in PLAYS)
        )

    def _copy(self, name):
        """A shipped play, as another company takes it over."""
        play = self.env.ref(f"lifecycle_play.play_{name}").sudo()
        return play.copy({"company_id": self.company.id})

    def test_all_are_paused_and_nobody_is_in_them(self):
        self.assertEqual(set(self.plays.mapped("state")), {"paused"})
        self.assertFalse(self.plays.enrollment_ids)

    def test_all_can_be_started_as_they_are(self):
        self._order(self._partner(), self.today - timedelta(days=5), 10)
        self._recompute()
        for name in PLAYS:
            play = self._copy(name)
            self.assertFalse(play._find_problems(), name)

    def test_all_hold_somebody_out_and_count_a_sensible_time(self):
        for play in self.plays:
            self.assertEqual(play.control_share, 0.1, play.name)
            self.assertTrue(30 <= play.outcome_days <= 365, play.name)
            self.assertTrue(play.description, play.name)
            self.assertTrue(play.step_ids, play.name)

    def test_templates_are_filled_in(self):
        """Nothing is missing, whether the customer has a salesperson or not."""
        seller = self.env["res.users"].create(
            {
                "name": "Sally Seller",
                "login": "play_sally",
                "email": "sally@seller.test",
            }
        )
        with_seller = self._partner("Ann", email="ann@buyer.test", user_id=seller.id)
        without = self._partner("Bob", email="bob@buyer.test")
        templates = self.plays.step_ids.template_id
        self.assertGreaterEqual(len(templates), 7)
        for template in templates:
            values = template.with_company(self.company)._generate_template(
                (with_seller | without).ids,
                ("subject", "body_html", "email_from", "partner_to"),
            )
            for partner, sender in (
                (with_seller, seller.name),
                (without, self.company.name),
            ):
                mail = values[partner.id]
                self.assertEqual(mail["partner_ids"], partner.ids, template.name)
                self.assertTrue(mail["subject"], template.name)
                self.assertIn(partner.name, mail["body_html"], template.name)
                self.assertIn(sender, mail["body_html"], template.name)
                self.assertNotIn("object.", mail["body_html"], template.name)
            self.assertIn(seller.email, values[with_seller.id]["email_from"])

    def test_templates_speak_the_language_of_the_customer(self):
        codes = ("fa_IR", "zh_CN")
        for code in codes:
            self.env["res.lang"]._activate_lang(code)
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["lifecycle_play"], list(codes), overwrite=True)
        ours = self.env["mail.template"].union(
            *(
                self.env.ref(f"lifecycle_play.mail_template_{name}")
                for name in (
                    *("welcome", "second_order", "win_back", "win_back_offer"),
                    *("ask_why", "referral", "birthday", "anniversary"),
                )
            )
        )
        letters = {"fa_IR": re.compile("[آ-ی]{3}"), "zh_CN": re.compile("[一-鿿]{3}")}
        for code in codes:
            partner = self._partner("Ann", email="ann@buyer.test", lang=code)
            for template in ours.sudo().with_company(self.company):
                mail = template._generate_template(
                    partner.ids, ("subject", "body_html")
                )[partner.id]
                for text in (mail["subject"], mail["body_html"]):
                    self.assertRegex(text, letters[code], template.name)
                self.assertNotIn("Hello", mail["body_html"], template.name)
                self.assertIn("Ann", mail["body_html"], template.name)
                if code == "fa_IR":
                    self.assertIn('dir="rtl"', mail["body_html"], template.name)

    def test_the_second_order_play_follows_the_personal_rhythm(self):
        """Who bought once is asked three days before the next order is expected."""
        play = self._copy("second_order")
        for number in range(8):  # the rhythm of the company: every 20 days
            partner = self._partner(f"Regular {number}")
            for ago in (200, 180, 160, 140):
                self._order(partner, self.today - timedelta(days=ago), 10)
        once = self._partner("Once")
        self._order(once, self.today - timedelta(days=2), 10)
        self._recompute()
        expected = self._profile(once).next_order_date
        self.assertTrue(expected > self.today)
        play._start()
        day = expected - timedelta(days=4)
        for number in range(3):
            with self.at(day + timedelta(days=number)):
                entered = play._enter_by_date()
            self.assertEqual(entered, int(number == 1))
        self.assertEqual(play.enrollment_ids.partner_id, once)

    def test_the_reduction_play_is_for_who_buys_with_discounts_only(self):
        play = self._copy("reduction")
        day = self.today - timedelta(days=3)
        bargain, fair = self._partner("Bargain"), self._partner("Fair")
        for ago in (90, 60, 30, 3):
            on = self.today - timedelta(days=ago)
            self._order(bargain, on, 100).order_line.discount = 30
            self._order(fair, on, 100)
        self._recompute()
        profile = self._profile(bargain)
        self.assertEqual(profile.last_order_date, day)
        self.assertEqual(profile.discount_share, 1)
        self.assertEqual(self._profile(fair).discount_share, 0)
        play._start()
        self.assertEqual(play._enter_by_date(), 1)
        self.assertEqual(play.enrollment_ids.partner_id, bargain)

    def test_the_tag_keeps_offers_away(self):
        tag = self.env.ref("lifecycle_play.tag_no_offers")
        step = self._copy("win_back").step_ids.sorted("sequence")[1]
        tagged_one, other = self._partner("Tagged"), self._partner("Other")
        tagged_one.category_id = [Command.link(tag.id)]
        for partner in (tagged_one, other):
            self._order(partner, self.today - timedelta(days=5), 10)
        self._recompute()
        company = self.company
        condition = step.play_id._get_condition(step.condition, company, self.today)
        self.assertEqual(len(self._profile(tagged_one) | self._profile(other)), 2)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM lifecycle_profile WHERE company_id = %s AND %s",
                company.id,
                condition,
            )
        )
        self.assertEqual([row[0] for row in rows], other.ids)

    def test_shares_of_discounts_can_be_filtered(self):
        partner, other = self._partner("A"), self._partner("B")
        self._order(
            partner, self.today - timedelta(days=5), 100
        ).order_line.discount = 5
        self._order(partner, self.today - timedelta(days=9), 100)
        self._order(other, self.today - timedelta(days=9), 100)
        # long ago is not asked
        self._order(other, self.today - timedelta(days=900), 9).order_line.discount = 5
        self._recompute()
        profiles = self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id), ("discount_share", ">", 0)]
        )
        self.assertEqual(profiles.partner_id, partner)
        self.assertEqual(profiles.discount_share, 0.5)
        self.assertFalse(profiles.search([("discount_share", ">", 0.5)]))

    def test_birthdays(self):
        play = self._copy("birthday")
        person = self._partner("Ann", lifecycle_birthday="1990-06-16")
        firm = self._partner("Firm", is_company=True)
        self._partner("Employee", parent_id=firm.id, lifecycle_birthday="1990-06-16")
        self._partner("Supplier", lifecycle_birthday="1990-06-16")
        for partner in (person, firm):
            self._order(partner, self.today - timedelta(days=9), 10)
        self._recompute()
        play._start()
        play._enter_by_date()
        self.assertFalse(play.enrollment_ids)
        with self.at(self.today + timedelta(days=1)):
            play._enter_by_date()
        self.assertEqual(play.enrollment_ids.partner_id, person)
