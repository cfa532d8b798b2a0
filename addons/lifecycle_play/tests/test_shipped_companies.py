"""Every company has the shipped plays."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


@tagged("post_install", "-at_install")
class TestShippedCompanies(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plays = cls.env["lifecycle.play"]
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.manager = new_test_user(
            cls.env, "shipped_manager", "sales_team.group_sale_manager", **company
        )
        cls.seller = new_test_user(
            cls.env, "shipped_seller", "sales_team.group_sale_salesman", **company
        )

    def _of(self, company):
        return self.plays.search([("company_id", "=", company.id)])

    def _named(self, name, company=None):
        return self._of(company or self.company).filtered(lambda p: p.name == name)

    def test_a_new_company_has_them_all_paused(self):
        main = self.env.ref("lifecycle_play.play_win_back").sudo()
        self.assertEqual(main.company_id, self.env.ref("base.main_company"))
        theirs, ours = self._of(self.company), self._of(main.company_id)
        names = {
            data.res_id
            for data in self.env["ir.model.data"].search(
                [("model", "=", "lifecycle.play")]
            )
        }
        shipped = ours.filtered(lambda play: play.id in names)
        self.assertGreaterEqual(len(shipped), 9)
        self.assertEqual(sorted(theirs.mapped("name")), sorted(shipped.mapped("name")))
        self.assertEqual(set(theirs.mapped("state")), {"paused"})
        self.assertEqual(len(set(theirs.mapped("seed"))), len(theirs))
        for play in theirs:
            self.assertTrue(play.step_ids, play.name)
            self.assertFalse(play._find_problems(), play.name)

    def test_they_are_as_shipped_whatever_the_first_company_did(self):
        main = self.env.ref("lifecycle_play.play_win_back").sudo()
        main.write({"name": "Secret of the first company", "outcome_days": 7})
        main.step_ids[-1:].unlink()
        other = self._create_company("Later Company")
        play = self._named("Win back", other)
        self.assertEqual(play.outcome_days, 90)
        self.assertEqual(len(play.step_ids), 3)
        # steps of one company do what this company's steps say
        steps = self._named("Win back").step_ids
        self.assertFalse(play.step_ids.action_id & steps.action_id)

    def test_the_button_adds_what_is_missing(self):
        mine = self.plays.with_user(self.manager)
        self.assertIn("already", mine.action_add_shipped()["params"]["message"])
        before = self._of(self.company)
        gone = self._named("Birthday") | self._named("Win back")
        gone.unlink()
        mine.action_add_shipped()
        self.assertEqual(len(self._of(self.company)), len(before))
        self.assertEqual(self._named("Birthday").state, "paused")
        self.assertEqual(self._named("Birthday").user_id, self.manager)
        with self.assertRaises(AccessError):
            self.plays.with_user(self.seller).action_add_shipped()

    def test_what_they_need_was_deleted(self):
        """The others are made, and what is missing is said."""
        self._named("Birthday").unlink()
        self._named("Win back").unlink()
        self.env["lifecycle.play.step"].search(
            [
                (
                    "template_id",
                    "=",
                    self.env.ref("lifecycle_play.mail_template_birthday").id,
                )
            ]
        ).play_id.unlink()
        self.env.ref("lifecycle_play.mail_template_birthday").sudo().unlink()
        with self.assertLogs("odoo.addons.lifecycle_play", "ERROR"):
            params = self.plays.with_user(self.manager).action_add_shipped()["params"]
        self.assertIn("Birthday", params["message"])
        self.assertFalse(self._named("Birthday"))
        self.assertTrue(self._named("Win back"))

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["lifecycle_play"], ["fa_IR"])
        later = self._create_company("Later Company")
        for company in (self.company, later):
            play = self._named("Birthday", company).with_context(lang="fa_IR")
            self.assertRegex(play.name, "[آ-ی]{3}")

    def test_who_may_make_none_is_not_told_to(self):
        for user, text in (
            (self.manager, "Create the first play"),
            (self.seller, "whoever administers sales"),
        ):
            action = self.env["ir.actions.act_window"].with_user(user)
            found = action._for_xml_id("lifecycle_play.action_lifecycle_play")
            self.assertIn(text, found["help"])
            self.assertEqual("Create the first" in found["help"], user == self.manager)
