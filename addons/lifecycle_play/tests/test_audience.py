from ast import literal_eval

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestAudience(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "manager_audience",
            groups="sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.big = cls._buyer(5, country_id=cls.env.ref("base.be").id)
        cls.small = cls._buyer(1, country_id=cls.env.ref("base.be").id)
        cls.far = cls._buyer(7, country_id=cls.env.ref("base.jp").id)
        cls.tag = cls.env["res.partner.category"].create({"name": "Audience tag"})

    @classmethod
    def _buyer(cls, orders, **values):
        partner = cls._customer(**values)
        profile = cls.env["lifecycle.profile"].search([("partner_id", "=", partner.id)])
        profile.write({"order_count": orders, "last_order_date": cls.today})
        return partner

    def _audience(self, profile="[]", partner="[]", **values):
        return self.env["lifecycle.audience"].create(
            {
                "name": "Test",
                "company_id": self.company.id,
                "profile_domain": profile,
                "partner_domain": partner,
                **values,
            }
        )

    def _members(self, audience):
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        return profiles.search(audience._get_domain()).partner_id

    def test_both_filters(self):
        for profile, partner, members in (
            ("[]", "[]", self.big | self.small | self.far),
            ("[('order_count', '>=', 3)]", "[]", self.big | self.far),
            ("[]", "[('country_id.code', '=', 'BE')]", self.big | self.small),
            (
                "[('order_count', '>=', 3)]",
                "[('country_id.code', '=', 'BE')]",
                self.big,
            ),
            ("[('last_order_date', '<', 'today')]", "[]", self.big.browse()),
            (
                "[('last_order_date', '>', 'today -1d')]",
                "[]",
                self.big | self.small | self.far,
            ),
        ):
            audience = self._audience(profile, partner)
            self.assertEqual(self._members(audience), members, (profile, partner))
            self.assertEqual(audience.customer_count, len(members))

    def test_by_stage(self):
        """What the rules of stages may not ask, an audience may."""
        stage = self._stage("loyal")
        self._profile(self.big).stage_id = stage
        audience = self._audience(f"[('stage_id', '=', {stage.id})]")
        self.assertEqual(self._members(audience), self.big)

    def test_lifecycle_fields_of_the_contact(self):
        audience = self._audience("[]", "[('lifecycle_order_count', '>=', 5)]")
        other = self._create_company("Other")
        # whatever company asks
        domain = audience.with_company(other)._get_domain()
        found = self.env["lifecycle.profile"].with_company(other).search(domain)
        self.assertEqual(found.partner_id, self.big | self.far)

    def test_archived(self):
        self.big.active = False
        audience = self._audience()
        self.assertEqual(self._members(audience), self.small | self.far)
        audience.partner_domain = "[('active', '=', False)]"
        self.assertEqual(self._members(audience), self.big)

    def test_only_of_its_company(self):
        other = self._create_company("Other")
        self.env["lifecycle.profile"].create(
            {"partner_id": self.big.id, "company_id": other.id, "order_count": 9}
        )
        audience = self._audience("['|', ('company_id', '!=', 0), ('id', '!=', 0)]")
        profiles = self.env["lifecycle.profile"].search(audience._get_domain())
        self.assertEqual(profiles.company_id, self.company)

    def test_bad_filters(self):
        for profile, partner, words in (
            ("nonsense", "[]", "Customers: it is not a filter"),
            ("{'a': 1}", "[]", "not a list of conditions"),
            ("[('nose', '=', 1)]", "[]", "no such field on “Customer Profile”"),
            ("[]", "[('nose', '=', 1)]", "Contacts.*no such field on “Contact”"),
            ("[('last_order_date', '<', 'someday')]", "[]", "no such date"),
            ("[('order_count', 'ilike', '1')]", "[]", "is a number"),
            ("[('order_count', '=', 'many')]", "[]", "not a number"),
        ):
            with (
                self.subTest(profile=profile, partner=partner),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self._audience(profile, partner)

    def test_nobody_asks_more_than_they_may_read(self):
        """A filter is asked as superuser later: it is checked with one's own rights."""
        audience = self._audience().with_user(self.manager)
        with self.assertRaises(ValidationError):
            audience.partner_domain = "[('user_ids.password', '=', 'x')]"
        with self.assertRaises(ValidationError):
            audience.partner_domain = "[('employee_ids.barcode', '=', 'x')]"

    def test_one_that_broke_closes_nothing(self):
        audience = self._audience("[('order_count', '>=', 3)]")
        self.env.cr.execute(
            "UPDATE lifecycle_audience SET profile_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", audience.id],
        )
        audience.invalidate_recordset()
        self.assertEqual(audience.customer_count, 0)
        with self.assertRaisesRegex(UserError, "no such field|gone"):
            audience.action_preview()

    def test_screen(self):
        form = Form(self.env["lifecycle.audience"].with_user(self.manager))
        form.name = "Big ones"
        form.profile_domain = "[('order_count', '>=', 3)]"
        self.assertEqual(form.customer_count, 2)
        audience = form.save()
        action = audience.action_preview()
        profiles = self.env["lifecycle.profile"].with_user(self.manager)
        self.assertEqual(
            profiles.search(action["domain"]).partner_id, self.big | self.far
        )
        audience.action_add_filter()
        audience.action_add_filter()  # once more is the same one
        filters = self.env["ir.filters"].with_user(self.manager)
        [saved] = filters.get_filters("lifecycle.profile")
        self.assertEqual(saved["name"], "Big ones")
        self.assertEqual(
            profiles.search(literal_eval(saved["domain"])).partner_id,
            self.big | self.far,
        )

    def test_who_may(self):
        audience = self._audience()
        seller = new_test_user(
            self.env,
            "seller_audience",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertEqual(audience.with_user(seller).name, "Test")
        with self.assertRaises(AccessError):
            audience.with_user(seller).name = "Mine"
        with self.assertRaises(AccessError):
            audience.with_user(seller).action_keep_tag()
        other = self._audience(company_id=self._create_company("Other").id)
        with self.assertRaises(AccessError):
            other.with_user(self.manager).read(["name"])
        with self.assertRaises(AccessError):
            audience.with_user(self.manager).company_id = other.company_id

    # -- the tag -------------------------------------------------------------------

    def test_tag(self):
        audience = self._audience("[('order_count', '>=', 3)]", tag_id=self.tag.id)
        self.small.category_id |= self.tag  # by hand: it is the audience's now
        with self._no_commit():
            self.env["lifecycle.audience"]._cron_keep_tags()
        self.assertEqual(self.tag.partner_ids, self.big | self.far)
        self.assertTrue(audience.tag_date)
        self._profile(self.small).order_count = 4
        self._profile(self.far).order_count = 1
        self.env.flush_all()
        audience.action_keep_tag()
        self.assertEqual(self.tag.partner_ids, self.big | self.small)
        self.assertIn(self.tag, self.small.category_id)
        other = self._audience()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            other.tag_id = self.tag
            other.flush_recordset()

    def test_one_that_broke_does_not_stop_the_others(self):
        broken = self._audience(tag_id=self.tag.copy().id, sequence=1)
        good = self._audience(tag_id=self.tag.id, sequence=2)
        self.env.cr.execute(
            "UPDATE lifecycle_audience SET profile_domain = '[(1)]' WHERE id = %s",
            [broken.id],
        )
        broken.invalidate_recordset()
        name = "odoo.addons.lifecycle_play.models.lifecycle_audience_tag"
        with self._no_commit(), self.assertLogs(name, "WARNING"):
            good._cron_keep_tags()
        self.assertEqual(len(self.tag.partner_ids), 3)

    def test_after_a_run(self):
        """Who has come into an audience is tagged soon, not the next night only."""
        self._audience(tag_id=self.tag.id)
        cron = self.env.ref("lifecycle_play.ir_cron_keep_tags")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._recompute()
        new = triggers.search([("cron_id", "=", cron.id)]) - triggers
        self.assertTrue(new)

    def test_as_many_queries_for_many(self):
        audience = self._audience(tag_id=self.tag.id)
        audience._keep_tags()
        self.env.flush_all()
        counts = []
        for number in (10, 200):
            partners = self.env["res.partner"].create(
                [{"name": f"Tagged {number} {n}"} for n in range(number)]
            )
            self.env["lifecycle.profile"].create(
                [
                    {"partner_id": partner.id, "company_id": self.company.id}
                    for partner in partners
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            audience._keep_tags()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(partners <= self.tag.partner_ids)
        self.assertEqual(*counts)
