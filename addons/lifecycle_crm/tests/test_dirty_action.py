from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .dirty_common import DirtyCase


@tagged("post_install", "-at_install")
class TestDirtyAction(DirtyCase):
    """The scheduled action: woken once, and for all companies."""

    def setUp(self):
        super().setUp()
        self._sql(SQL("DELETE FROM ir_cron_trigger RETURNING 1"))
        self.env.cr.postcommit.clear()

    def _is_woken(self):
        """Whether the commit would wake the scheduled action."""
        self.env.cr.flush()
        calls = list(self.env.cr.postcommit._funcs)
        self.env.cr.postcommit.clear()
        self._dirty()
        return "_wake_soon" in [call.__name__ for call in calls]

    def _wake_up(self):
        """What happens after the commit: whether the cron workers were told."""
        self.env.flush_all()
        self.env["lifecycle.dirty"]._wake_up()
        told = len(self.env.cr.postcommit)
        self.env.cr.postcommit.clear()
        return bool(told)

    def test_woken_by_marks_only(self):
        order = self._order(self.contact, "2026-06-01", 10)
        self.assertTrue(self._is_woken())
        order.note = "Nothing that counts"
        self.env.cr.flush()
        self.assertFalse(self._is_woken())

    def test_woken_once(self):
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)
        self.assertFalse(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)
        # used up by a run that may not have seen the marks
        self._triggers().unlink()
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)

    def test_later_trigger_is_not_due(self):
        self.cron._trigger(at=self.env.cr.now().replace(year=2100))
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 2)

    def test_not_woken_while_switched_off(self):
        self.cron.active = False
        self.assertFalse(self._wake_up())
        self.assertFalse(self._triggers())
        self._order(self.contact, "2026-06-01", 10)
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_marks_of_a_company_that_is_gone(self):
        self._sql(
            SQL(
                """INSERT INTO lifecycle_dirty (company_id, partner_id)
                VALUES (-1, 1), (%s, 1) RETURNING id""",
                self.company.id,
            )
        )
        dirty = self.env["lifecycle.dirty"]
        self.assertEqual(dirty._get_marked_companies(), self.company)
        self.assertEqual(self._dirty(), {(1, self.company.id)})


@tagged("post_install", "-at_install")
class TestDirtyRights(DirtyCase):
    """Anybody's change marks, nobody marks by hand."""

    def _user(self, login, groups):
        return new_test_user(
            self.env,
            login=login,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_portal_user_confirms(self):
        order = self._order(self.contact, "2026-06-01", 10, state="sent")
        self._dirty()
        portal = self._user("buyer", "base.group_portal")
        # as the portal does when the customer signs or pays
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_portal_user_marks_as_himself(self):
        portal = self._user("buyer", "base.group_portal")
        orders = self.env["sale.order"].with_user(portal)
        orders.sudo().create({"partner_id": self.contact.id})
        orders.env.cr.flush()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_salesperson_confirms(self):
        seller = self._user("seller", "sales_team.group_sale_salesman_all_leads")
        order = self._order(self.contact, "2026-06-01", 10, state="draft")
        self._dirty()
        order.with_user(seller).with_context(
            allowed_company_ids=self.company.ids
        ).action_confirm()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_manager_reads_only(self):
        manager = self._user("manager", "lifecycle_crm.group_lifecycle_manager")
        user = self._user("user", "lifecycle_crm.group_lifecycle_user")
        self.env["lifecycle.dirty"].create(
            [
                {"company_id": self.company.id, "partner_id": 1},
                {"company_id": -1, "partner_id": 1},
            ]
        )
        dirty = self.env["lifecycle.dirty"].with_user(manager)
        self.assertEqual(dirty.search([]).mapped("company_id"), [self.company.id])
        for action in (
            lambda: dirty.create({"company_id": 1, "partner_id": 1}),
            lambda: dirty.search([]).write({"partner_id": 2}),
            lambda: dirty.search([]).unlink(),
            lambda: dirty.with_user(user).search([]),
        ):
            with self.assertRaises(AccessError):
                action()
