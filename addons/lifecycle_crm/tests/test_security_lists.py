"""Pages of lists take short ways: the same people are refused on all of them."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

SUM = "clv_historic:sum"


@tagged("post_install", "-at_install")
class TestSecurityLists(SecurityCase):
    def _pages(self):
        """What a list view asks, a page at a time."""
        for model in ("res.partner", "crm.lead"):
            for order in ("clv_historic desc", "lifecycle_stage_id", "rfm_code, id"):
                for limit in (1, 80):
                    page = {"limit": limit, "order": order, "count_limit": 3}
                    yield model, "web_search_read", [[], {"id": {}}], page
                    yield model, "search", [[]], {"limit": limit, "order": order}
            for groupby, order in (
                ("lifecycle_stage_id", ""),
                ("lifecycle_stage_id", "lifecycle_stage_id desc"),
                ("user_id", "clv_historic desc"),
            ):
                group = {"limit": 1, "order": order}
                yield model, "web_read_group", [[], [groupby], [SUM]], group
            currency = "lifecycle_currency_id:array_agg_distinct"
            yield model, "formatted_read_group", [[], ["user_id"], [currency]], {}
            yield model, "formatted_read_group", [[], ["user_id"], [SUM]], {"limit": 1}

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_refused(self):
        for user in self.without_rights:
            for model, method, args, named in self._pages():
                self._refused(user, model, method, *args, **named)

    def test_allowed(self):
        for model, method, args, named in self._pages():
            with self.subTest(model=model, method=method, named=named):
                self.assertTrue(
                    self._ask(self.salesperson, model, method, *args, **named)
                )

    def test_best_first_of_the_own_company(self):
        """No page shows or is sorted by what another company knows."""
        asked = [
            *("res.partner", "web_search_read"),
            [("id", "in", (self.alpha | self.beta | self.nobody).ids)],
            {"name": {}, "clv_historic": {}},
        ]
        page = {"limit": 2, "order": "clv_historic desc"}
        before = self._ask(self.salesperson, *asked, **page)
        values = [record["clv_historic"] for record in before["records"]]
        self.assertEqual(values, [1000, 20])
        self._change_secrets(self.other)
        self.assertEqual(self._ask(self.salesperson, *asked, **page), before)
        [first, _second] = self._ask(self.foreigner, *asked, **page)["records"]
        self.assertEqual((first["name"], first["clv_historic"]), ("Nobody", 4000))
