from odoo.exceptions import AccessError
from odoo.tests import tagged

from .save_common import ALL, SaveCase

MODELS = ("churn.save", "churn.loss", "churn.win.back", "churn.reason")


@tagged("post_install", "-at_install")
class TestSaveSecurity(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Second Company")
        cls.foreigner = cls._user("save_foreign", ALL, companies=cls.other_company)
        cls.all_seller = cls._user("save_all", ALL)
        cls.portal = cls._user("save_portal", "base.group_portal")
        cls.plain = cls._user("save_plain", "base.group_user")
        cls.mine = cls._at_risk("Mine")
        cls.theirs = cls._at_risk("Of a Colleague", user=cls.colleague)
        cls._at_risk("Abroad", user=cls.foreigner, company=cls.other_company)
        cls.saves._make_lists(cls.company)
        cls.saves._make_lists(cls.other_company)
        profiles = cls.env["lifecycle.profile"].search(
            [("partner_id.name", "in", ["Mine", "Of a Colleague", "Abroad"])]
        )
        for profile in profiles:
            profile.with_company(profile.company_id).with_context(
                allowed_company_ids=profile.company_id.ids
            )._open_win_backs()
        cls.env["churn.loss"]._record(
            profiles, cls.env.ref("churn_scoring.reason_price"), note="Secret"
        )

    def _seen(self, user, model, company=None):
        records = self._as(user, self.env[model], company or user.company_id).search([])
        return sorted(records.partner_id.mapped("name"))

    def test_who_sees_what(self):
        for model in ("churn.save", "churn.loss", "churn.win.back"):
            for user, names in (
                (self.seller, ["Mine"]),
                (self.colleague, ["Of a Colleague"]),
                (self.all_seller, ["Mine", "Of a Colleague"]),
                (self.manager, ["Mine", "Of a Colleague"]),
                (self.foreigner, ["Abroad"]),
            ):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._seen(user, model), names)
                    groups = self._as(
                        user, self.env[model], user.company_id
                    )._read_group([], ["partner_id"], ["__count"])
                    self.assertEqual(len(groups), len(names))

    def test_nothing_for_who_does_not_sell(self):
        for model in MODELS:
            for user in (self.portal, self.plain, self.env.ref("base.public_user")):
                records = self.env[model].with_user(user)
                with self.subTest(model=model, user=user.login):
                    for ask in (
                        lambda r=records: r.search([]),
                        lambda r=records: r._read_group([], [], ["__count"]),
                        lambda r=records: r.search_count([("id", ">", 0)]),
                        lambda r=records: r.search_read([], ["id"]),
                    ):
                        with self.assertRaises(AccessError):
                            ask()

    def test_nobody_writes(self):
        items, losses = self.saves.search([]), self.env["churn.loss"].search([])
        for user in (self.seller, self.all_seller, self.manager):
            for records, values in (
                (items, {"state": "saved", "saved_revenue": 1e6}),
                (items, {"user_id": user.id}),
            ):
                mine = self._as(
                    user, records.filtered(lambda r: r.company_id == self.company)
                )
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        mine.write(values)
                    with self.assertRaises(AccessError):
                        mine.unlink()
                    with self.assertRaises(AccessError):
                        mine.create({"partner_id": self.mine.id})
        for user in (self.seller, self.all_seller):
            mine = self._as(user, losses.filtered(lambda r: r.user_id == self.seller))
            with self.assertRaises(AccessError):
                mine.write({"note": "Made up"})
            with self.assertRaises(AccessError):
                mine.create({"partner_id": self.mine.id, "value_lost": 9})

    def test_manager_mends_a_loss_of_the_own_company(self):
        losses = self.env["churn.loss"].search([])
        here = losses.filtered(lambda r: r.company_id == self.company)[:1]
        self._as(self.manager, here).note = "Mended"
        with self.assertRaises(AccessError):
            self._as(
                self.manager,
                losses - losses.filtered(lambda r: r.company_id == self.company),
            ).note = "Mended"

    def test_only_own_items_are_worked_on(self):
        self.env["churn.loss"].search([]).unlink()
        items = self.saves.search([])
        self.env["crm.lead"].search([("win_back", "=", True)]).unlink()
        items.write({"state": "todo"})
        theirs = items.filtered(lambda i: i.user_id == self.colleague)
        abroad = items.filtered(lambda i: i.user_id == self.foreigner)
        for method in (
            "action_contacted",
            "action_skip",
            "action_schedule_call",
            "action_win_back",
            "action_record_loss",
        ):
            for user, item in (
                (self.seller, theirs),
                (self.all_seller, abroad),
                (self.portal, theirs),
                (self.plain, theirs),
            ):
                with (
                    self.subTest(method=method, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    getattr(self._as(user, item), method)()
        self._as(self.all_seller, theirs).action_contacted()
        self.assertEqual(theirs.state, "contacted")
        with self.assertRaises(AccessError):
            self._as(self.seller, theirs).action_reopen()

    def test_lists_are_not_made_by_others(self):
        for user in (self.portal, self.plain):
            with self.assertRaises(AccessError):
                self._as(user, self.saves).action_refresh_my_list()

    def test_wizard_of_others(self):
        profile = self._profile(self.mine)
        wizards = self.env["churn.loss.wizard"]
        values = {
            "profile_ids": profile.ids,
            "reason_id": self.env.ref("churn_scoring.reason_price").id,
        }
        wizard = self._as(self.seller, wizards).create(values)
        with self.assertRaises(AccessError):
            self._as(self.colleague, wizard).action_record()
        with self.assertRaises(AccessError):
            self._as(self.foreigner, wizards, self.other_company).create(values)
        with self.assertRaises(AccessError):
            self._as(self.plain, wizards).create(values)
