from odoo.tests import tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierLog(TierCase):
    """Who changed what a tier asks for, or gives, can be read on the tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.silver = cls.silver.with_env(cls.env)
        cls.club = cls.club.with_env(cls.env)

    def _flush(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_threshold(self):
        self._flush()
        self.silver.write({"threshold": 120, "point_multiplier": 2})
        self._flush()
        [value] = self.silver.message_ids.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "threshold"
        )
        self.assertEqual((value.old_value_float, value.new_value_float), (100, 120))
        self.assertEqual(value.mail_message_id.author_id, self.env.user.partner_id)

    def test_rules_of_the_programme(self):
        self._flush()
        self.club.write({"tier_months": 6, "tier_measure": "orders"})
        texts = " ".join(str(body) for body in self.silver.message_ids.mapped("body"))
        self.assertIn("Months: 12 → 6", texts)
        self.assertIn("Net spend → Orders", texts)
