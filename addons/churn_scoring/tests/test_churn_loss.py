from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .save_common import SaveCase


@tagged("post_install", "-at_install")
class TestChurnLoss(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.losses = cls.env["churn.loss"]
        cls.price = cls.env.ref("churn_scoring.reason_price")
        cls.quality = cls.env.ref("churn_scoring.reason_quality")
        cls.partner = cls._at_risk("Customer", last_order_date=date(2026, 5, 1))
        cls.profile = cls.env["lifecycle.profile"].search(
            [("partner_id", "=", cls.partner.id)]
        )

    def _wizard(self, profiles=None, user=None, **values):
        form = Form(
            self._as(user or self.seller, self.env["churn.loss.wizard"]).with_context(
                default_profile_ids=(profiles or self.profile).ids
            )
        )
        form.reason_id = values.get("reason", self.price)
        if "date" in values:
            form.date = values["date"]
        form.note = values.get("note", "Too much")
        return form.save()

    def _category(self, name):
        return self.env["product.category"].create({"name": name})

    def _product(self, category):
        return self.env["product.product"].create(
            {"name": category.name, "categ_id": category.id, "type": "service"}
        )

    def _line(self, product, price):
        return Command.create(
            {
                "product_id": product.id,
                "price_unit": price,
                "tax_ids": [Command.clear()],
            }
        )

    def test_record(self):
        segment = self.env.ref("lifecycle_crm.segment_at_risk")
        self.profile.segment_id = segment
        # of the 12 months up to the last order
        self._order(self.partner, "2026-05-01", 100)
        self._order(self.partner, "2025-05-02", 30)
        self._order(self.partner, "2025-05-01", 7)
        self._wizard().action_record()
        loss = self.losses.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            (loss.reason_id, loss.note, loss.source, loss.date),
            (self.price, "Too much", "manual", self.today),
        )
        self.assertEqual(
            (loss.stage_id, loss.segment_id, loss.user_id, loss.company_id),
            (self.profile.stage_id, segment, self.seller, self.company),
        )
        self.assertEqual(loss.value_lost, 130)
        self.assertEqual(loss.last_order_date, date(2026, 5, 1))
        self.assertEqual(loss.categ_id, self.product.categ_id)

    def test_main_category_by_spend(self):
        bolts, nuts, screws = map(self._category, ("Bolts", "Nuts", "Screws"))
        order = self._order(self.partner, "2026-04-01", 1, state="draft")
        order.order_line = [
            Command.clear(),
            self._line(self._product(bolts), 60),
            self._line(self._product(nuts), 50),
            self._line(self._product(nuts), 40),
            self._line(self._product(screws), 80),
        ]
        order.state = "sale"
        # what was not sold does not count, nor what others bought
        draft = self._order(self.partner, "2026-04-02", 1, state="draft")
        draft.order_line = [self._line(self._product(screws), 500)]
        other = self._order(self._partner("Else"), "2026-04-02", 1)
        other.order_line = [self._line(self._product(screws), 500)]
        self.env.flush_all()
        found = self.losses._read_main_categories(self.company, self.partner.ids)
        self.assertEqual(found, {self.partner.id: nuts.id})
        # in the currency of the company: 10 of a currency worth ten times as much
        euro = self._currency("EUR")
        self._rate(euro, "2020-01-01", 0.1)
        abroad = self._order(self.partner, "2026-04-03", 10, currency=euro)
        abroad.order_line.product_id = self._product(bolts)
        abroad.order_line.price_unit = 10
        self.env.flush_all()
        found = self.losses._read_main_categories(self.company, self.partner.ids)
        self.assertEqual(found, {self.partner.id: bolts.id})

    def test_main_category_of_invoices(self):
        self.company.lifecycle_source = "invoice"
        bolts, nuts = map(self._category, ("Bolts", "Nuts"))
        for category, amount, kind in (
            (bolts, 100, "out_invoice"),
            (bolts, 60, "out_refund"),
            (nuts, 50, "out_invoice"),
        ):
            move = self._invoice(
                self.partner, date(2026, 4, 1), amount, move_type=kind, post=False
            )
            move.invoice_line_ids.product_id = self._product(category)
            move.invoice_line_ids.price_unit = amount
            move.invoice_line_ids.tax_ids = False
            move.action_post()
        self.env.flush_all()
        found = self.losses._read_main_categories(self.company, self.partner.ids)
        self.assertEqual(found, {self.partner.id: nuts.id})

    def test_recorded_twice_is_one_loss(self):
        notice = self._wizard().action_record()["params"]["message"]
        self.assertIn(f"{self.profile.display_name} is recorded", notice)
        self._wizard(reason=self.quality, note="Broke").action_record()
        loss = self.losses.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            (len(loss), loss.reason_id, loss.note), (1, self.quality, "Broke")
        )
        customer = self.partner.with_company(self.company)
        told = customer.get_lifecycle_timeline()["lines"]
        [line] = [line for line in told if line["kind"] == "loss"]
        self.assertIn("Quality", line["title"])
        self.assertEqual((line["text"], line["id"]), ("Broke", loss.id))
        # who bought since is lost anew
        with self.at("2026-06-25"):
            self._buy(self.partner, date(2026, 6, 20))
            self._wizard().action_record()
        self.assertEqual(
            self.losses.search_count([("partner_id", "=", self.partner.id)]), 2
        )

    def test_several_at_once(self):
        other = self._at_risk("Other", user=self.colleague)
        answer = self._wizard(self.profile | self._profile(other)).action_record()
        self.assertIn("2 customers are recorded", answer["params"]["message"])
        self.assertEqual(
            self.losses.search([("company_id", "=", self.company.id)]).user_id,
            self.seller | self.colleague,
        )

    def test_bad_input(self):
        with self.assertRaisesRegex(UserError, "Lost On: .* is in the future"):
            self._wizard(date=self.today + timedelta(days=1)).action_record()
        with self.assertRaisesRegex(UserError, "bought on .*Choose a later day"):
            self._wizard(date=date(2026, 4, 30)).action_record()
        self._wizard(date=date(2026, 5, 1)).action_record()
        prospect = self._profile(self._at_risk("Prospect", order_count=0))
        with self.assertRaisesRegex(UserError, "never bought anything"):
            self._wizard(self.profile | prospect).action_record()
        wizard = self._wizard()
        self.price.active = False
        with self.assertRaisesRegex(UserError, "is archived"):
            wizard.action_record()

    # -- reasons ---------------------------------------------------------------------

    def test_used_reasons_are_archived_not_deleted(self):
        self._wizard().action_record()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self._as(self.manager, self.price).unlink()
        self._as(self.manager, self.price).action_archive()
        self.assertEqual(
            self.losses.search([("partner_id", "=", self.partner.id)]).reason_id,
            self.price,
        )
        self._as(self.manager, self.quality).unlink()
        self.assertFalse(self.quality.exists())

    def test_shipped_reasons(self):
        for name in [
            "price",
            "quality",
            "service",
            "delivery",
            "competitor",
            "no_need",
            "moved",
            "unknown",
        ]:
            self.assertTrue(self.env.ref(f"churn_scoring.reason_{name}").description)

    # -- lost opportunities ----------------------------------------------------------

    def _win_back(self):
        self._as(self.seller, self.profile).action_win_backs()
        return self.env["crm.lead"].search([("partner_id", "=", self.partner.id)])

    def _lose(self, lead, reason=None, lost_reason=None):
        form = Form(
            self._as(self.seller, self.env["crm.lead.lost"]).with_context(
                default_lead_ids=lead.ids
            )
        )
        if lost_reason:
            form.lost_reason_id = lost_reason
        if reason is not None:
            form.churn_reason_id = reason
        form.lost_feedback = "<p>Cheaper elsewhere</p>"
        form.save().action_lost_reason_apply()

    def test_lost_opportunity(self):
        lead = self._win_back()
        self._lose(lead, self.quality)
        loss = self.losses.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            (loss.reason_id, loss.source, loss.lead_id, loss.note),
            (self.quality, "opportunity", lead, "Cheaper elsewhere"),
        )
        self.assertEqual(lead.won_status, "lost")

    def test_reasons_have_names_of_their_own(self):
        reasons = self.env["churn.reason"]
        self.quality.active = False
        for name, said in (("  ", "needs one"), ("quality ", "“Quality” already")):
            with self.assertRaisesRegex(ValidationError, said):
                reasons.create({"name": name})
        self.assertTrue(reasons.create({"name": "Quality of the advice"}))

    def test_lost_reason_stands_for_a_churn_reason(self):
        expensive = self.env["crm.lost.reason"].create({"name": "Expensive"})
        self.quality.lost_reason_ids = expensive
        lead = self._win_back()
        self._lose(lead, lost_reason=expensive)
        loss = self.losses.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(loss.reason_id, self.quality)
        loss.unlink()
        # and without the wizard
        lead.toggle_active()
        lead.action_set_lost(lost_reason_id=expensive.id)
        loss = self.losses.search([("partner_id", "=", self.partner.id)])
        self.assertEqual((loss.reason_id, loss.lead_id), (self.quality, lead))

    def test_opportunity_lost_customer_not(self):
        self._lose(self._win_back())
        self.assertFalse(self.losses.search([("partner_id", "=", self.partner.id)]))

    def test_other_opportunities_are_not_asked(self):
        lead = self._lead(
            self.partner, self.today, type="opportunity", user_id=self.seller.id
        )
        form = Form(
            self._as(self.seller, self.env["crm.lead.lost"]).with_context(
                default_lead_ids=lead.ids
            )
        )
        self.assertFalse(form.churn_win_back)
        form.save().action_lost_reason_apply()
        self.assertFalse(self.losses.search([("partner_id", "=", self.partner.id)]))
