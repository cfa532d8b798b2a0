"""Each line of evidence opens its document, with the rights of who looks."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestLinks(EvidenceCase):
    def test_open_with_own_rights(self):
        self._invoice(self.customer, "2026-02-01", 80, move_type="out_refund")
        line = self._found("credit_note")
        users = {
            login: self.env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "company_id": self.company.id,
                    "company_ids": self.company.ids,
                    "group_ids": [(6, 0, [self.env.ref(group).id])],
                }
            )
            for login, group in (
                ("biller", "account.group_account_invoice"),
                ("viewer", "lifecycle_crm.group_lifecycle_user"),
            )
        }
        users["biller"].group_ids |= self.env.ref("lifecycle_crm.group_lifecycle_user")
        action = line.with_user(users["biller"]).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (line.res_model, line.res_id)
        )
        # reads the line, but not the document
        self.assertTrue(line.with_user(users["viewer"]).sentence)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            line.with_user(users["viewer"]).action_open_document()

    def test_no_link_to_documents_of_other_salespersons(self):
        users = {
            name: self.env["res.users"].create(
                {
                    "name": name,
                    "login": name,
                    "company_id": self.company.id,
                    "company_ids": self.company.ids,
                    "group_ids": [
                        (6, 0, [self.env.ref("sales_team.group_sale_salesman").id])
                    ],
                }
            )
            for name in ("own", "other")
        }
        for month, price in enumerate((300, 300, 300, 100, 100, 100), 1):
            order = self._sale(
                self.customer, date(2025, month, 1), (self.product, price, {})
            )
            order.user_id = users["own"]
        line = self._found("order_value")
        profile = self._profile(self.customer)
        for name, expected in (("own", True), ("other", False)):
            reader = users[name]
            self.assertEqual(line.with_user(reader).can_open, expected, name)
            [shown] = profile.with_user(reader).churn_why["evidence"]
            self.assertEqual((shown["id"], shown["link"]), (line.id, expected), name)

    def test_every_kind_opens_its_document(self):
        self._invoice(self.customer, "2026-02-01", 80, move_type="out_refund")
        self._invoice(self.customer, "2026-01-01", 50, invoice_date_due="2026-04-01")
        for month, price in enumerate((300, 300, 300, 100, 100, 110), 1):
            self._sale(
                self.customer,
                date(2025, month, 1),
                (self.product, price, {"discount": 10}),
            )
        self.evidence._refresh(self.company)
        lines = self.evidence.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(lines.mapped("kind")),
            {"credit_note", "overdue", "order_value", "discount", "price"},
        )
        for line in lines:
            action = line.action_open_document()
            document = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(document.partner_id, self.customer)
            self.assertEqual(
                line.action_open_profile()["res_id"], self._profile(self.customer).id
            )

    def test_document_is_gone(self):
        order = self._order(self.customer, "2026-01-01", 100)
        self._order(self.customer, "2026-02-01", 100)
        [line] = self.evidence.create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "kind": "price",
                "source_key": "x",
                "date": "2026-01-01",
                "as_of": "2026-01-01",
                "res_model": "sale.order",
                "res_id": order.id,
                "figures": {"product": {}, "rise": 0.1},
            }
        )
        order.state = "cancel"
        order.unlink()
        self.assertFalse(line.can_open)
        with self.assertRaisesRegex(UserError, "deleted"):
            line.action_open_document()
        line.res_model = "not.there"
        self.assertFalse(line.can_open)
        with self.assertRaisesRegex(UserError, "not installed"):
            line.action_open_document()
