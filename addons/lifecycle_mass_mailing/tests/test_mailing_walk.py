"""Every entry of email marketing and of the lifecycle, as a marketer."""

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.walk_common import WalkMixin

from .mailing_common import MailingCase

GROUPS = ("mass_mailing.group_mass_mailing_user", "sales_team.group_sale_manager")


@tagged("post_install", "-at_install")
class TestMailingWalk(MailingCase, WalkMixin):
    def setUp(self):
        super().setUp()
        mailing = self._to_stage(lifecycle_control_share=0.4)
        self._send(mailing)

    def test_mailings(self):
        self._walk("mass_mailing.mass_mailing_menu_root", "walk_mailer", *GROUPS)

    def test_lifecycle(self):
        groups = list(GROUPS)
        # where there are tills, Odoo's own form of a programme shows them
        tills = "point_of_sale.group_pos_user"
        if self.env.ref(tills, raise_if_not_found=False):
            groups.append(tills)
        self._walk("lifecycle_crm.menu_lifecycle_root", "walk_marketer", *groups)
