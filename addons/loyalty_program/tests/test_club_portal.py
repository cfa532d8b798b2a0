import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestClubPortal(PointsCase, HttpCase):
    """Members see their own points and nobody else's."""

    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"name": "Ann and Bob Club", "point_life_months": 12})
        cls.bob = cls._partner("Bob")
        users = cls.env["res.users"].with_context(no_reset_password=True)
        for partner in (cls.ann, cls.bob):
            login = f"club_{partner.name.lower()}"
            partner.email = f"{login}@example.com"
            users.create(
                {
                    "name": partner.name,
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                    "company_id": cls.company.id,
                    "company_ids": [(6, 0, cls.company.ids)],
                }
            )
        cls.ann_user = users.search([("login", "=", "club_ann")])
        cls.bob_user = users.search([("login", "=", "club_bob")])
        cls.hers = cls.club._get_member_card(cls.ann)
        cls.hers._because("manual", note="Secret note").points += 111
        cls.his = cls.club._get_member_card(cls.bob)
        cls.his._because("manual").points += 222
        cls.tier = cls.env["loyalty.tier"].create(
            {"program_id": cls.club.id, "name": "Silver Ann", "threshold": 10}
        )
        cls.gold = cls.env["loyalty.tier"].create(
            {"program_id": cls.club.id, "name": "Gold Ann", "threshold": 1000}
        )
        cls.env["loyalty.membership"].create(
            {
                "partner_id": cls.ann.id,
                "next_tier_id": cls.gold.id,
                "missing": 120,
                "progress": 88,
                "program_id": cls.club.id,
                "company_id": cls.company.id,
                "tier_id": cls.tier.id,
                "valid_until": "2031-03-31",
            }
        )

    def _open(self, login, path="/my/club"):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_own_club(self):
        page = self._open("club_ann").text
        for text in ("Ann and Bob Club", "Silver Ann", "111", self.hers.code, "2031"):
            self.assertIn(text, page)
        self.assertIn("o_club_expiry", page)
        self.assertEqual(len(re.findall("o_club_entry", page)), 1)
        for text in ("222 Points", self.his.code, "Secret note"):
            self.assertNotIn(text, page)
        page = self._open("club_bob").text
        self.assertIn("222", page)
        for text in ("Silver Ann", self.hers.code):
            self.assertNotIn(text, page)

    def test_forged_ids_and_pages(self):
        for path in (
            f"/my/club?card_id={self.his.id}&partner_id={self.bob.id}",
            f"/my/club/page/99?card={self.his.id}",
            f"/my/loyalty_card/{self.his.id}/history",
        ):
            page = self._open("club_ann", path)
            self.assertNotIn(self.his.code, page.text)
            self.assertNotIn("222 Points", page.text)

    def test_anonymous_is_asked_to_log_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/club").url)

    def test_company_card_is_for_its_contacts(self):
        acme = self._partner("Acme", is_company=True)
        self.ann.parent_id = acme
        club = self._program("Company Club", card_per_company=True)
        club._get_member_card(self.ann)._because("manual").points += 333
        personal = self._program("Boss Club")
        personal._get_member_card(acme)._because("manual").points += 444
        page = self._open("club_ann").text
        self.assertIn("333 Points", page)
        self.assertNotIn("444 Points", page)
        self.assertNotIn("333 Points", self._open("club_bob").text)

    def test_archived_programme_is_not_shown(self):
        self.club.active = False
        page = self._open("club_ann").text
        self.assertNotIn("Ann and Bob Club", page)

    def test_no_rights_on_the_models(self):
        for user in (self.ann_user, self.env.ref("base.public_user")):
            for model in ("loyalty.ledger", "loyalty.lot", "loyalty.ledger.difference"):
                records = self.env[model].with_user(user)
                for ask in (
                    lambda records=records: records.search([]),
                    lambda records=records: records.search_count([]),
                    lambda records=records: records._read_group([], [], ["__count"]),
                ):
                    named = self.subTest(model=model, user=user.login)
                    with named, self.assertRaises(AccessError):
                        ask()
        with self.assertRaises(AccessError):
            self.hers.with_user(self.ann_user).read(["ledger_ids", "points"])

    def test_home_leads_to_the_club(self):
        self.authenticate("club_ann", "club_ann")
        home = self.url_open("/my").text
        self.assertIn("/my/club", home)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["club_count"]}
        )
        self.assertEqual(counters["club_count"], 1)

    def test_what_is_missing_is_said(self):
        page = self._open("club_ann").text
        self.assertIn("width: 88%", page)
        self.assertIn("Gold Ann", page)
        self.assertIn("120", page)
        # a margin is the company's own
        self.club.tier_measure = "margin"
        page = self._open("club_ann").text
        self.assertIn("Gold Ann", page)
        self.assertNotIn("120.00", page)

    def test_tiers_and_rewards_are_said(self):
        self.tier.point_multiplier = 1.5
        self.env["loyalty.reward"].search(
            [("program_id", "=", self.club.id)]
        ).required_points = 100
        self.env["loyalty.reward"].create(
            {
                "program_id": self.club.id,
                "required_points": 1000,
                "discount": 50,
                "min_tier_id": self.gold.id,
            }
        )
        page = self._open("club_ann").text
        ladder = page[page.index("o_club_ladder") :]
        for text in ("Silver Ann", "1.5 times the points", "Gold Ann", "1,000.00"):
            self.assertIn(text, ladder)
        rewards = page[page.index("o_club_rewards") :]
        self.assertIn("Yours with the next order", rewards)
        self.assertIn("Needs tier:", rewards)
        # what a company earns on a customer is not for the portal
        self.club.tier_measure = "margin"
        self.assertNotIn("1,000.00", self._open("club_ann").text)

    def test_history_has_signs_and_marks(self):
        self.hers._because("manual").points += 2000
        self.hers._because("clawback").points -= 1100
        page = self._open("club_ann").text
        self.assertIn("+2,000", page)
        self.assertIn("\N{MINUS SIGN}1,100", page)

    def test_member_reads_the_club_in_a_browser(self):
        self.start_tour("/my", "loyalty_club", login="club_ann", timeout=60)
