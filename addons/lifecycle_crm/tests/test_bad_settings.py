"""Settings that make no sense, and histories in which everything is odd."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import LifecycleCase

BAD_BANDS = {
    "10, 5, 3, 2": "Each number must be larger",
    "2, 2, 3, 4": "Each number must be larger",
    "2, 3, 5": "There must be four numbers",
    "2, 3, 5, 10, 20": "There must be four numbers",
    "": "There must be four numbers",
    "   ": "There must be four numbers",
    "two, three, five, ten": "Only numbers",
    "2, 3, 5, nan": "Only numbers",
    "2, 3, 5, inf": "Only numbers",
    "2, 3, 5, 1e999": "Only numbers",
    "2; 3; x; 10": "Only numbers",
    "-5, 3, 5, 10": "No number may be below 0",
}
SCALES = {"recency": "Recency", "frequency": "Frequency", "monetary": "Monetary"}


@tagged("post_install", "-at_install")
class TestBadSettings(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_id = cls.company

    def _refused(self, reason, function, *args):
        with self.assertRaisesRegex(ValidationError, reason), self.env.cr.savepoint():
            function(*args)
            self.env.flush_all()

    def _save_settings(self, values):
        with Form(self.env["res.config.settings"]) as form:
            for name, value in values.items():
                form[name] = value
        form.record.execute()

    def test_bands(self):
        for scale, label in SCALES.items():
            name = f"lifecycle_rfm_{scale}_bands"
            before = self.company[name]
            for text, reason in BAD_BANDS.items():
                if scale == "monetary" and text.startswith("-"):
                    continue  # who returned more than they bought
                with self.subTest(scale=scale, text=text):
                    values = {name: text, f"lifecycle_rfm_{scale}_method": "bands"}
                    expected = (
                        f"(?s)^{label} Bands: “.*” cannot be used. {reason}.*Example"
                    )
                    self._refused(expected, self.company.write, values)
            self.assertEqual(self.company[name], before)
        self.company.lifecycle_rfm_frequency_bands = "2;3  5,10"
        self.assertEqual(self.company.lifecycle_rfm_frequency_bands, "2, 3, 5, 10")

    def test_periods(self):
        for name, label, limit in (
            ("lifecycle_rfm_months", "RFM Window .months.", 120),
            ("lifecycle_lapse_days", "Lapsed after .days.", 3650),
        ):
            for value in (0, -1, limit + 1, 2**31 - 1):
                with self.subTest(name=name, value=value):
                    reason = (
                        f"^{label} is {value}. Enter a whole number from 1 to {limit}"
                    )
                    self._refused(reason, self.company.write, {name: value})
            self.company[name] = limit

    def test_settings_screen(self):
        """The same, typed on the screen: refused when it is saved, as a whole."""
        months = self.company.lifecycle_rfm_months
        for values, reason in (
            ({"lifecycle_rfm_months": 0}, "RFM Window"),
            ({"lifecycle_rfm_months": -3}, "RFM Window"),
            (
                {"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 0},
                "Lapsed after",
            ),
            (
                {
                    "lifecycle_rfm_months": 36,
                    "lifecycle_rfm_recency_method": "bands",
                    "lifecycle_rfm_recency_bands": "90, 30, 10, 5",
                },
                "Recency Bands: “90, 30, 10, 5” cannot be used. Each number must be",
            ),
        ):
            with self.subTest(values=values):
                self._refused(reason, self._save_settings, values)
        self.company.invalidate_recordset()
        self.assertEqual(self.company.lifecycle_rfm_months, months)
        self.assertEqual(self.company.lifecycle_rfm_recency_method, "quantile")

    def test_good_settings_are_saved(self):
        self._save_settings(
            {
                "lifecycle_rfm_months": 36,
                "lifecycle_rfm_recency_method": "bands",
                "lifecycle_rfm_recency_bands": "10 20 40 80",
            }
        )
        self.assertEqual(self.company.lifecycle_rfm_months, 36)
        self.assertEqual(self.company.lifecycle_rfm_recency_bands, "10, 20, 40, 80")


@tagged("post_install", "-at_install")
class TestOddHistory(LifecycleCase):
    def test_nobody(self):
        run = self._recompute()
        self.assertEqual((run.state, run.customer_count), ("done", 0))
        self._recompute()

    def test_nobody_any_more(self):
        partner = self._partner()
        order = self._order(partner, "2026-06-01", 10)
        self._recompute()
        order._action_cancel()
        run = self._recompute()
        self.assertEqual((run.customer_count, run.deleted_count), (0, 1))
        self.assertFalse(self._profile(partner))

    def test_one_customer(self):
        partner = self._partner()
        self._order(partner, "2026-06-14", 10)
        run = self._recompute()
        self.assertEqual(run.customer_count, 1)
        profile = self._profile(partner)
        self.assertEqual(profile.revenue_total, 10)
        self.assertRegex(profile.rfm_code, "^[1-5]{3}$")
        self.assertTrue(profile.stage_id)

    def test_leads_only(self):
        partner = self._partner()
        lead = self.env["crm.lead"].create(
            {"name": "x", "partner_id": partner.id, "company_id": self.company.id}
        )
        # the clock of the database does not stand still
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [self.today, lead.id]
        )
        self._recompute()
        profile = self._profile(partner)
        self.assertEqual(profile.stage_id, self._stage("lead"))
        self.assertFalse(profile.rfm_code)

    @mute_logger("odoo.addons.account.models.account_move")
    def test_all_refunded(self):
        partners = [self._partner(f"Customer {number}") for number in range(3)]
        for partner in partners:
            order = self._order(partner, "2026-06-01", 100)
            self._refund(self._invoice_order(order), "2026-06-02")
        self._recompute()
        for partner in partners:
            profile = self._profile(partner)
            self.assertEqual((profile.order_count, profile.revenue_total), (0, 0))
            self.assertEqual(profile.stage_id, self._stage("lead"))

    def test_all_on_one_day(self):
        """Nobody is ahead of anybody: equal customers, equal scores."""
        partners = [self._partner(f"Customer {number}") for number in range(12)]
        for partner in partners:
            for _number in range(2):
                self._order(partner, "2026-06-15", 50)
        run = self._recompute()
        self.assertEqual(run.customer_count, 12)
        profiles = self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(set(profiles.mapped("rfm_code"))), 1)
        self.assertEqual(len(profiles.stage_id), 1)
        self.assertEqual(set(profiles.mapped("order_days")), {1})

    def test_tiny_and_huge_amounts(self):
        for number, amount in enumerate((0.01, 1, 999_999_999_999.0)):
            self._order(self._partner(f"Customer {number}"), "2026-06-01", amount)
        self.assertEqual(self._recompute().customer_count, 3)

    def test_no_stage_and_no_segment(self):
        """Without any rule customers stand nowhere, and the run works."""
        partner = self._partner()
        self._order(partner, "2026-06-01", 10)
        self.env["lifecycle.stage"].search([]).active = False
        self.env["lifecycle.segment"].search([]).active = False
        self._recompute()
        profile = self._profile(partner)
        self.assertEqual(profile.revenue_total, 10)
        self.assertFalse(profile.stage_id)
        self.assertFalse(profile.segment_id)
