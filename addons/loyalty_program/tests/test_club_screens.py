"""What the screens of a club say, to those who set it up and those who sell."""

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .tier_common import BEFORE, TierCase


@tagged("post_install", "-at_install")
class TestClubScreens(TierCase):
    def _membership(self, name, **values):
        return self.env["loyalty.membership"].create(
            {
                "partner_id": self._partner(name).id,
                "program_id": self.club.id,
                "company_id": self.company.id,
                "tier_id": self.silver.id,
                "next_tier_id": self.gold.id,
                "missing": 400,
                "progress": 20,
                **values,
            }
        )

    # -- the board ---------------------------------------------------------------

    def test_outlook_is_the_same_to_read_to_search_and_to_count(self):
        members = {
            "steady": self._membership("Steady"),
            "near": self._membership("Near", missing=20, progress=96),
            "ending": self._membership(
                "Ending",
                valid_until=self._day(30),
                keep_missing=50,
                missing=20,
                progress=96,
            ),
        }
        # the tier is pinned: nothing is lost at its end
        pinned = self._membership(
            "Pinned",
            valid_until=self._day(30),
            keep_missing=50,
            pinned_tier_id=self.silver.id,
        )
        late = self._membership("Late", valid_until=self._day(90), keep_missing=50)
        everybody = self.env["loyalty.membership"].browse(
            [member.id for member in (*members.values(), pinned, late)]
        )
        expected = {
            "steady": members["steady"] | pinned | late,
            "near": members["near"],
            "ending": members["ending"],
        }
        for kind, found in expected.items():
            with self.subTest(kind=kind):
                domain = [("id", "in", everybody.ids), ("outlook", "=", kind)]
                self.assertEqual(everybody.search(domain), found.sorted())
                self.assertEqual(set(found.mapped("outlook")), {kind})
        bars = everybody.read_progress_bar(
            [("id", "in", everybody.ids)],
            "tier_id",
            {"field": "outlook", "colors": {"near": "success", "ending": "danger"}},
        )
        self.assertEqual(bars, {str(self.silver.id): {"near": 1, "ending": 1}})

    def _day(self, days):
        return fields.Date.add(
            fields.Date.context_today(self.env["loyalty.membership"]), days=days
        )

    def test_tiers_are_told_apart_where_there_are_several_programmes(self):
        listed = self.silver.with_context(loyalty_tier_program=True)
        self.assertEqual(listed.display_name, "Silver")
        self._create_club(self.company, name="Other Club")
        listed.invalidate_recordset(["display_name"])
        self.assertEqual(listed.display_name, "Silver (Club)")
        self.assertEqual(self.silver.display_name, "Silver")

    # -- words -------------------------------------------------------------------

    def test_what_counts_is_said_with_its_time(self):
        self._order(self.buyer, BEFORE, 150)
        self._start()
        member = self._member(self.buyer)
        for period, words in (
            ("rolling", "in the last 12 months"),
            ("calendar", "this calendar year"),
            ("anniversary", "in this year of membership"),
            ("lifetime", "in all"),
        ):
            self.club.tier_period = period
            member.invalidate_recordset(["amount_summary"])
            with self.subTest(period=period):
                self.assertIn("150.00", member.amount_summary)
                self.assertTrue(member.amount_summary.endswith(words))

    def test_perks_in_words(self):
        self.assertEqual(self.silver._get_perk_words(), [])
        self.assertEqual(self.env["loyalty.tier"]._get_perk_words(), [])
        self.silver.write(
            {
                "point_multiplier": 1.5,
                "cashback_percent": 2,
                "payment_term_id": self.env["account.payment.term"]
                .create({"name": "In May"})
                .id,
            }
        )
        # cashback that goes nowhere is no promise
        self.assertEqual(
            self.silver._get_perk_words(),
            ["1.5 times the points", "payment terms: In May"],
        )
        self.assertTrue(self.club.cashback_lost)
        self.club.cashback_program_id = self._create_wallet()
        self.assertFalse(self.club.cashback_lost)
        self.assertIn("2% of what you pay comes back", self.silver._get_perk_words())

    def _create_wallet(self):
        return self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": self.company.id,
            }
        )

    def test_contact_shows_points_and_when_they_are_lost(self):
        self._order(self.buyer, BEFORE, 150)
        self._start()
        self.assertFalse(self.buyer.loyalty_points_text)
        card = self.club._get_member_card(self.buyer)
        card._because("manual").points += 1234
        self.buyer.invalidate_recordset(["loyalty_points_text"])
        self.assertIn("1,234", self.buyer.loyalty_points_text)
        self.assertNotIn("until", self.buyer.loyalty_points_text)
        self.club.write({"point_life_months": 12, "point_expiry_start": False})
        self.buyer.invalidate_recordset(["loyalty_points_text"])
        self.assertIn("of them until", self.buyer.loyalty_points_text)

    def test_rewards_of_a_card(self):
        dear = self.env["loyalty.reward"].create(
            {
                "program_id": self.club.id,
                "required_points": 50,
                "discount": 50,
                "min_tier_id": self.gold.id,
            }
        )
        card = self.club._get_member_card(self.buyer)
        card._because("manual").points += 60
        gold, cheap = card._get_club_rewards()
        self.assertEqual((gold["reward"], gold["missing"]), (dear, 0))
        self.assertEqual(gold["tier"], self.gold)
        self.assertEqual((cheap["cost"], cheap["missing"]), (200, 140))
        self.assertFalse(cheap["tier"])
        self._membership("Gold")  # of somebody else
        self.assertEqual(card._get_club_rewards()[0]["tier"], self.gold)
        member = self._membership("Owner", tier_id=self.gold.id)
        card.partner_id = member.partner_id
        self.assertFalse(card._get_club_rewards()[0]["tier"])

    def test_signs_stand_before_the_number(self):
        card = self.club._get_member_card(self.buyer)
        self.assertEqual(card._say_points(1234.5), f"1,234.50 {card.point_name}")
        self.assertEqual(card._say_points(1234), f"1,234 {card.point_name}")
        self.assertIn("\N{LEFT-TO-RIGHT MARK}+12 ", card._say_change(12))
        self.assertIn("\N{LEFT-TO-RIGHT MARK}\N{MINUS SIGN}12 ", card._say_change(-12))

    def test_mail_to_a_member(self):
        """Right to left where it is read so, with perks, without the staff's words."""
        self.env["res.lang"]._activate_lang("fa_IR")
        self.silver.point_multiplier = 3
        template = self.env.ref("loyalty_program.mail_template_tier_welcome")
        for lang, direction, perk in (
            ("en_US", "ltr", "3 times the points"),
            ("fa_IR", "rtl", "3 برابر امتیاز"),
        ):
            member = self._membership(f"Reads {lang}", valid_until="2031-03-31")
            member.partner_id.write({"email": f"{lang}@example.com", "lang": lang})
            before = self.env["mail.mail"].search([])
            member._send_mail(template)
            mail = self.env["mail.mail"].search([]) - before
            with self.subTest(lang=lang):
                self.assertIn(f'dir="{direction}"', mail.body_html)
                self.assertIn(perk, mail.body_html)
                self.assertIn("Club · Silver", mail.body_html)
                # no link for who cannot log in
                self.assertNotIn("/my/club", mail.body_html)

    # -- setting up ----------------------------------------------------------------

    def test_points_club_from_the_menu_knows_what_a_point_costs(self):
        programs = self.env["loyalty.program"].with_company(self.company)
        action = programs.create_from_template("points_club")
        club = programs.browse(action["res_id"])
        self.assertEqual(len(club.tier_ids), 4)
        self.assertAlmostEqual(club._get_point_value(), 0.05)

    def test_ready_made_by_who_may_not_create_products(self):
        manager = new_test_user(self.env, "leads_club", "sales_team.group_sale_manager")
        self.assertFalse(
            self.env["product.product"].with_user(manager).has_access("create")
        )
        programs = self.env["loyalty.program"].with_user(manager)
        for name in ("points_club", "punch_card", "cashback"):
            club = programs.browse(programs.create_from_template(name)["res_id"])
            self.assertTrue(club.reward_ids, name)
        agent = new_test_user(self.env, "leads_nothing", "base.group_user")
        with self.assertRaises(AccessError):
            programs.with_user(agent).create_from_template("points_club")

    def test_simulation_says_what_comes_of_it(self):
        self._order(self.buyer, BEFORE, 150)
        self._start()
        draft = self.env["loyalty.tier.simulation"]._create_draft(self.club)
        draft.line_ids[2].threshold = 120
        draft.line_ids[2].cashback_percent = 10
        draft.action_compute()
        self.assertIn("1 members would move up", draft.summary)
        self.assertIn("15.00 more a year", draft.summary)
        draft.line_ids[2].cashback_percent = 0
        draft.action_compute()
        self.assertIn("cost the same", draft.summary)

    def test_who_serves_customers_reads_members_without_selling(self):
        """Users of the lifecycle have no rights on programmes and cards."""
        self._order(self.buyer, BEFORE, 150)
        self._start()
        self.club._get_member_card(self.buyer)._because("manual").points += 7
        self._create_club(self.company, name="Other Club")
        groups = "base.group_user,lifecycle_crm.group_lifecycle_user"
        agent = new_test_user(
            self.env,
            "agent",
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        members = self.env["loyalty.membership"].with_user(agent)
        members = members.with_context(loyalty_tier_program=True)
        found = members.search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(found.tier_id.display_name, "Silver (Club)")
        specification = {
            name: {}
            for name in (
                "next_summary",
                "keep_summary",
                "amount_summary",
                "perk_summary",
                "outlook",
            )
        }
        [values] = found.web_read(specification)
        self.assertIn("to Gold", values["next_summary"])
        self.env.invalidate_all()
        buyer = self.buyer.with_user(agent)
        self.assertIn("7", buyer.loyalty_points_text)
        self.assertIn("to Gold", buyer.loyalty_next_summary)

    # -- menu ------------------------------------------------------------------------

    def _get_menu(self, groups):
        user = new_test_user(self.env, f"menu_{groups[-4:]}", groups=groups)
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        root = self.env.ref("lifecycle_crm.menu_lifecycle_root").id
        top = [menus[child]["name"] for child in menus[root]["children"]]
        loyalty = self.env.ref("loyalty_program.menu_loyalty").id
        own = [menus[child]["name"] for child in menus[loyalty]["children"]]
        return top, own

    def test_menu_of_a_salesperson(self):
        top, own = self._get_menu("sales_team.group_sale_salesman")
        self.assertIn("Loyalty", top)
        self.assertEqual(own, ["Members", "Points History", "Points by Expiry"])

    def test_menu_of_a_manager(self):
        top, own = self._get_menu("sales_team.group_sale_manager")
        wanted = [
            "Dashboard", "Customers", "Plays", "Loyalty", "Reports", "Configuration",
        ]  # fmt: skip
        self.assertEqual([name for name in top if name in wanted], wanted)
        self.assertEqual(
            own,
            [
                "Members",
                "Programmes",
                "Tiers",
                "Points History",
                "Points by Expiry",
                "Points Check",
                "Perks Report",
                "Simulations",
                "New, Ready-made",
            ],
        )

    # -- one card per company ----------------------------------------------------------

    def test_history_names_the_owner_of_a_shared_card(self):
        """Also where a quotation is made and confirmed in one go."""
        self.club.card_per_company = True
        contact = self._partner("Contact", parent_id=self.buyer.id)
        order = self.env["sale.order"].create(
            {
                "company_id": self.company.id,
                "partner_id": contact.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 100})
                ],
            }
        )
        order._update_programs_and_rewards()
        order.action_confirm()
        entry = self.env["loyalty.ledger"].search([("order_id", "=", order.id)])
        self.assertEqual(entry.card_id.partner_id, self.buyer)
        self.assertEqual(entry.partner_id, self.buyer)
