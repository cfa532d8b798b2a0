"""The spreadsheet asks for what there is, and a manager sees it in a browser."""

import json
from base64 import b64decode

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.lifecycle_crm.tests.history_common import HistoryCase


@tagged("post_install", "-at_install")
class TestSpreadsheetDashboard(HistoryCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref(
            "lifecycle_spreadsheet_dashboard.spreadsheet_dashboard_lifecycle"
        )
        cls.sheet = json.loads(b64decode(cls.dashboard.spreadsheet_binary_data))

    def _user(self, login, group):
        return new_test_user(
            self.env,
            login,
            group,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_fields_and_menus_are_there(self):
        asked = [
            (pivot["model"], measure["fieldName"])
            for pivot in self.sheet["pivots"].values()
            for measure in (*pivot["measures"], *pivot["rows"])
        ]
        for listing in self.sheet["lists"].values():
            asked += [(listing["model"], name) for name in listing["columns"]]
            Domain(listing["domain"]).validate(self.env[listing["model"]])
        for figure in self.sheet["sheets"][0]["figures"]:
            if meta := figure["data"].get("metaData"):
                asked.append((meta["resModel"], meta["measure"]))
        self.assertGreater(len(asked), 15)
        for model, name in asked:
            if name != "__count":
                self.assertIn(name, self.env[model]._fields)
        for menu in self.sheet["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu))

    def test_for_managers(self):
        manager = self._user("sheet_manager", "sales_team.group_sale_manager")
        seller = self._user("sheet_seller", "sales_team.group_sale_salesman")
        self.assertTrue(self.dashboard.with_user(manager).name)
        with self.assertRaises(AccessError):
            self.dashboard.with_user(seller).check_access("read")

    def test_in_a_browser(self):
        self._random_trade(7, 30)
        self._recompute()
        self._rebuild(24)
        user = self._user("sheet_manager", "sales_team.group_sale_manager")
        self.start_tour(
            f"/odoo/dashboards?dashboard_id={self.dashboard.id}",
            "lifecycle_spreadsheet_dashboard",
            login=user.login,
        )
