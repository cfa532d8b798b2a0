"""Names that are code somewhere, in what members see and are sent."""

from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.lifecycle_crm.tests.nasty import NASTY, NastyMixin

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestInjection(NastyMixin, PointsCase, HttpCase):
    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.email = "nasty_ann@example.com"
        cls.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Ann",
                "login": "nasty_ann",
                "password": "nasty_ann",
                "partner_id": cls.ann.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
            }
        )
        cls.card = cls.club._get_member_card(cls.ann)
        cls.card._because("manual", note="Note").points += 111
        cls.tiers = cls.env["loyalty.tier"].create(
            [
                {"program_id": cls.club.id, "name": "Silver", "threshold": 10},
                {"program_id": cls.club.id, "name": "Gold", "threshold": 1000},
            ]
        )
        cls.member = cls.env["loyalty.membership"].create(
            {
                "partner_id": cls.ann.id,
                "tier_id": cls.tiers[0].id,
                "next_tier_id": cls.tiers[1].id,
                "missing": 120,
                "progress": 88,
                "program_id": cls.club.id,
                "company_id": cls.company.id,
                "valid_until": "2031-03-31",
            }
        )

    def _rename(self, name):
        self.ann.name = name
        self.club.name = name
        self.club.portal_point_name = name[:200]
        for number, tier in enumerate(self.tiers):
            tier.write({"name": f"{name} {number}", "description": name})
        self.club.reward_ids.description = name
        self.env.flush_all()

    def test_my_club(self):
        self.authenticate("nasty_ann", "nasty_ann")
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                self._rename(name)
                response = self.url_open("/my/club")
                self.assertEqual(response.status_code, 200)
                main = html.fromstring(response.text).xpath("//main")[0]
                self._check_html(
                    html.tostring(main, encoding="unicode"), f"{name} 0", kind
                )

    def test_mails(self):
        """Mails to members, as their templates make them."""
        templates = self.env["mail.template"].search(
            [("model", "in", ("loyalty.membership", "loyalty.card"))]
        )
        own = self.env["ir.model.data"].search(
            [("model", "=", "mail.template"), ("module", "=", "loyalty_program")]
        )
        templates = templates.filtered(lambda t: t.id in own.mapped("res_id"))
        self.assertGreater(len(templates), 4)
        for kind, name in NASTY.items():
            self._rename(name)
            for template in templates:
                record = self.member if "membership" in template.model else self.card
                with self.subTest(kind=kind, template=template.name):
                    values = template._generate_template(
                        record.ids, ("subject", "body_html")
                    )[record.id]
                    self._check_html(values["body_html"], name, template.name)
                    self.assertNotIn("1337", values["subject"])
