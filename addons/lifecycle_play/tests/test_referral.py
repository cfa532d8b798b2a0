from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


@tagged("post_install", "-at_install")
class TestReferral(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.referrals = cls.env["lifecycle.referral"]
        cls.referrer = cls._partner(
            "Rita", email="rita@old.test", phone="+32 456 00 11 22"
        )
        cls.referral = cls.referrals._get_for(cls.referrer, cls.company)[cls.referrer]

    def _recommended(self, days_ago=20, **values):
        """A lead that came by the code, with its customer."""
        partner = self._partner("Newman", email="new@man.test")
        return self._lead(
            partner,
            self.today - timedelta(days=days_ago),
            referral_id=self.referral.id,
            **values,
        )

    def _pay(self, invoice):
        """Money that came in pays an invoice in full."""
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        journal = self.env["account.journal"].create(
            {"name": "Money", "code": "MON", "type": "general"}
        )
        cash = self.env["account.account"].create(
            {"name": "Cash", "code": "101999", "account_type": "asset_cash"}
        )
        line = {"partner_id": invoice.partner_id.id, "name": "Paid"}
        money = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": invoice.invoice_date,
                "line_ids": [
                    Command.create(
                        {
                            **line,
                            "account_id": receivable.account_id.id,
                            "credit": invoice.amount_total,
                        }
                    ),
                    Command.create(
                        {**line, "account_id": cash.id, "debit": invoice.amount_total}
                    ),
                ],
            }
        )
        money.action_post()
        paid = money.line_ids.filtered("credit")
        (receivable | paid).reconcile()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_one_code_per_customer_and_company(self):
        contact = self._partner("Ray", parent_id=self.referrer.id)
        again = self.referrals._get_for(contact | self.referrer, self.company)
        self.assertEqual(list(again.values()), [self.referral])
        self.assertEqual(len(self.referral.code), 8)
        self.assertTrue(self.referral.link.endswith(self.referral.code))
        other = self._create_company("Other Company")
        elsewhere = self.referrals._get_for(self.referrer, other)[self.referrer]
        self.assertNotEqual(elsewhere.code, self.referral.code)

    def test_merged_customers_keep_both_codes(self):
        twin = self._partner("Rita Twin")
        other = self.referrals._get_for(twin, self.company)[twin]
        lead = self._recommended()
        lead.referral_id = other
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.referrer | twin).ids, self.referrer)
        for code in (self.referral.code, other.code):
            self.assertEqual(self.referrals._find(code).partner_id, self.referrer)
        self.assertEqual(lead.referral_id, other)
        again = self.referrals._get_for(self.referrer, self.company)
        self.assertEqual(list(again.values()), [self.referral])

    def test_a_code_is_found_as_people_type_it(self):
        self.assertEqual(
            self.referrals._find(f" {self.referral.code.lower()} "), self.referral
        )
        self.assertFalse(self.referrals._find("XXXX"))
        self.assertFalse(self.referrals._find(""))

    def test_the_lead_names_the_referrer(self):
        lead = self._recommended()
        self.assertEqual(lead.referred, "Rita")
        self.assertEqual(lead.referral_state, "open")
        self.assertEqual(self.referral.lead_count, 1)

    def test_nobody_recommends_themselves(self):
        contact = self._partner("Ray", parent_id=self.referrer.id, email="ray@old.test")
        same = {
            "partner_id": self.referrer.id,
            "email_from": "Rita <RITA@old.test>",
            "phone": "+32456001122",
        }
        for name, value in {**same, "partner_id": contact.id}.items():
            with self.assertRaisesRegex(ValidationError, "cannot recommend itself"):
                self.env["crm.lead"].create(
                    {"name": "Me", "referral_id": self.referral.id, name: value}
                )

    def test_nobody_becomes_their_own_referrer_later(self):
        lead = self._recommended()
        with self.assertRaisesRegex(ValidationError, "cannot recommend itself"):
            lead.partner_id = self.referrer

    def test_both_are_rewarded_once_when_the_first_order_is_paid(self):
        lead = self._recommended()
        partner = lead.partner_id
        self.assertFalse(self.referrals._settle(self.company))
        order = self._order(partner, self.today - timedelta(days=10), 200)
        invoice = self._invoice_order(order)
        self._recompute()
        self.assertFalse(self.referrals._settle(self.company), "not paid yet")
        self._pay(invoice)
        self.assertEqual(self.referrals._settle(self.company), lead)
        self.assertEqual(lead.referral_state, "earned")
        self.assertEqual(lead.referral_date, self.today)
        self.assertEqual(self.referral.earned_count, 1)
        self.assertFalse(self.referrals._settle(self.company), "once is enough")

    def test_of_two_leads_of_one_customer_the_first_is_rewarded(self):
        first = self._recommended()
        values = {"referral_id": self.referral.id}
        day = self.today - timedelta(days=10)
        second = self._lead(first.partner_id, day, **values)
        self.assertEqual(second.referral_state, "open")
        order = self._order(first.partner_id, self.today, 200)
        self._pay(self._invoice_order(order))
        self.assertEqual(self.referrals._settle(self.company), first)
        self.assertEqual(second.referral_state, "refused")
        third = self._lead(first.partner_id, day, **values)
        self.assertFalse(self.referrals._settle(self.company))
        self.assertEqual(third.referral_state, "refused")

    def test_nobody_opens_a_referral_again(self):
        lead = self._recommended()
        lead.sudo().write({"referral_state": "earned"})
        seller = new_test_user(
            self.env,
            "referral_seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        mine = lead.with_user(seller)
        for values in (
            {"referral_state": "open"},
            {"referral_id": False},
            {"referral_date": self.today},
        ):
            with self.assertRaisesRegex(UserError, "the payment of the first order"):
                mine.write(values)
        with self.assertRaisesRegex(UserError, "the payment of the first order"):
            mine.create({"name": "New", "referral_date": self.today})
        made = mine.create({"name": "New", "referral_id": self.referral.id})
        self.assertEqual(made.referral_state, "open")
        mine.write({"name": "Renamed"})
        self.assertEqual(lead.referral_state, "earned")

    def test_who_was_a_customer_before_brings_no_reward(self):
        lead = self._recommended()
        old = self._order(lead.partner_id, self.today - timedelta(days=200), 10)
        self._invoice_order(old)
        self._recompute()
        self.assertFalse(self.referrals._settle(self.company))
        self.assertEqual(lead.referral_state, "refused")

    def test_the_scheduled_action_settles(self):
        lead = self._recommended()
        self._order(lead.partner_id, self.today - timedelta(days=200), 10)
        self._recompute()
        with self._no_commit():
            self.referrals._cron_settle()
        self.assertEqual(lead.referral_state, "refused")

    def _merge(self, lead, other):
        seller = new_test_user(
            self.env,
            "merge_seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        lead.stage_id = self.env["crm.stage"].search([], order="sequence desc", limit=1)
        lead.type, other.type = "opportunity", "lead"
        merged = (lead | other).with_user(seller).merge_opportunity()
        self.assertEqual(merged, lead)
        return merged.sudo()

    def test_a_merge_keeps_who_recommended(self):
        recommended = self._recommended()
        lead = self._lead(recommended.partner_id, self.today, name="Head")
        merged = self._merge(lead, recommended)
        self.assertFalse(recommended.exists())
        self.assertEqual(merged.referral_id, self.referral)
        self.assertEqual((merged.referral_state, merged.referred), ("open", "Rita"))

    def test_a_merge_gives_no_second_reward(self):
        rewarded, again = self._recommended(), self._recommended()
        rewarded.sudo().write({"referral_state": "earned", "referral_date": self.today})
        merged = self._merge(again, rewarded)
        self.assertEqual(merged.referral_state, "earned")
        self.assertEqual(merged.referral_date, self.today)

    def test_a_merge_with_the_lead_of_the_referrer(self):
        """Nobody recommends themselves, and the merge works all the same."""
        lead = self._lead(self.referrer, self.today, name="Head")
        merged = self._merge(lead, self._recommended())
        self.assertFalse(merged.referral_id)

    def test_salespersons_thank_where_nothing_else_rewards(self):
        if "lifecycle_referral_template_id" in self.company._fields:
            self.company.lifecycle_referral_template_id = False
        lead = self._recommended()
        invoice = self._invoice_order(
            self._order(lead.partner_id, self.today - timedelta(days=10), 200)
        )
        self._pay(invoice)
        self.referrals._settle(self.company)
        self.assertEqual(
            self.referrer.activity_ids.summary, "Thank for the referral of Newman"
        )
        self.assertEqual(
            lead.partner_id.activity_ids.summary, "Reward: came by referral of Rita"
        )

    def test_other_companies_do_not_read_whom_to_thank(self):
        if "lifecycle_referral_template_id" in self.company._fields:
            self.company.lifecycle_referral_template_id = False
        other = self._create_company("Other Company")
        theirs = new_test_user(
            self.env,
            "their_seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.referrer.user_id = theirs
        lead = self._recommended()
        invoice = self._invoice_order(
            self._order(lead.partner_id, self.today - timedelta(days=10), 200)
        )
        self._pay(invoice)
        self.referrals._settle(self.company)
        activities = self.referrer.activity_ids
        self.assertEqual(activities.lifecycle_company_id, self.company)
        self.assertNotEqual(activities.user_id, theirs)
        self.env.invalidate_all()
        shown = self.referrer.with_user(theirs).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(shown.env["mail.activity"].search([]) & activities)
        self.assertFalse(shown.activity_ids)

    def test_the_link_in_a_mail_is_personal(self):
        template = self.env.ref("lifecycle_play.mail_template_referral").sudo()
        body = template.with_company(self.company)._render_field(
            "body_html", self.referrer.ids
        )[self.referrer.id]
        self.assertEqual(body.count(self.referral.link), 2)


@tagged("post_install", "-at_install")
class TestReferralPage(HttpCase):
    def setUp(self):
        super().setUp()
        self.referrer = self.env["res.partner"].create(
            {"name": "Rita", "email": "rita@old.test"}
        )
        referrals = self.env["lifecycle.referral"]
        self.referral = referrals._get_for(self.referrer, self.env.company)[
            self.referrer
        ]
        self.url = f"/lifecycle/refer/{self.referral.code}"

    def _post(self, **values):
        page = self.url_open(self.url)
        token = (
            page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        )
        return self.url_open(self.url, data={"csrf_token": token, **values})

    def _leads(self):
        return self.env["crm.lead"].search([("referral_id", "=", self.referral.id)])

    def test_a_visitor_becomes_a_lead_that_names_the_referrer(self):
        message = "Pens <img src='https://spy.test/x.png'>"
        answer = self._post(name="Nora", email="nora@new.test", message=message)
        self.assertIn("Thank you", answer.text)
        lead = self._leads()
        self.assertEqual(lead.email_from, "nora@new.test")
        self.assertEqual(lead.referred, "Rita")
        self.assertEqual(lead.company_id, self.env.company)
        self.assertNotIn("<img", lead.description)
        self.assertIn("Pens", lead.description)
        # once for each address
        self._post(name="Nora", email="Nora@new.test")
        self.assertEqual(self._leads(), lead)

    def test_the_page_says_nothing_of_the_referrer(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Rita", page.text)
        self.assertNotIn("rita@old.test", page.text)

    def test_what_is_missing_is_said(self):
        self.assertIn("not a valid address", self._post(name="X", email="x").text)
        self.assertIn("tell us your name", self._post(name="", email="x@y.test").text)
        answer = self._post(name="Rita", email="rita@old.test")
        self.assertIn("cannot recommend us to yourself", answer.text)
        self.assertFalse(self._leads())

    def test_a_machine_that_fills_in_everything_makes_no_lead(self):
        self._post(name="Bot", email="bot@bot.test", website_url="spam")
        self.assertFalse(self._leads())

    def test_a_link_that_is_no_more(self):
        self.assertEqual(self.url_open("/lifecycle/refer/NOSUCH99").status_code, 404)
        self.referral.active = False
        self.assertEqual(self.url_open(self.url).status_code, 404)
