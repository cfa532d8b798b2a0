"""The same over the wire: JSON-RPC with a session, and the pages of the portal."""

import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

SCORES = ["clv_historic", "lifecycle_stage_id", "rfm_code", "lifecycle_profile_ids"]


@tagged("post_install", "-at_install")
class TestSecurityRpc(SecurityCase, HttpCase):
    def _call(self, model, method, *args, **kwargs):
        """The answer of the server, or the name of the exception."""
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": model,
                    "method": method,
                    "args": list(args),
                    "kwargs": kwargs,
                },
            },
        ).json()
        if "error" in response:
            return response["error"]["data"]["name"].rpartition(".")[2]
        return response["result"]

    def _calls(self, me):
        """What a portal user may try on the own contact."""
        mine = [("id", "=", me)]
        for name in SCORES:
            yield "res.partner", "read", [[me], [name]]
            yield "res.partner", "web_read", [[me], {name: {}}]
            yield "res.partner", "search_count", [[*mine, (name, "!=", False)]]
            yield "res.partner", "search_count", [[*mine, (name, "=", False)]]
            yield "res.users", "search_count", [[("partner_id." + name, "!=", False)]]
        for operator, value in ((">", 500), ("<", 500), ("!=", 555), ("=", 555)):
            for path in ("clv_historic", "lifecycle_profile_id.revenue_total"):
                domain = [*mine, (path, operator, value)]
                yield "res.partner", "search_count", [domain]
                yield "res.partner", "web_search_read", [domain, {"name": {}}]
        for name in ("clv_historic", "lifecycle_stage_id"):
            yield "res.partner", "search_read", [mine, ["id"], 0, 5, name]
            for function in ("sum", "avg", "count_distinct"):
                aggregate = [f"{name}:{function}"]
                yield "res.partner", "formatted_read_group", [mine, [], aggregate]
            yield "res.partner", "formatted_read_group", [mine, [name], ["__count"]]
        yield "sale.order", "search_count", [[("lifecycle_stage_id", "!=", False)]]
        yield "sale.order", "search_read", [[], ["lifecycle_stage_id"]]
        for model in (
            "profile",
            "stage",
            "segment",
            "transition",
            "transaction",
            "run",
        ):
            yield f"lifecycle.{model}", "search_read", [[], ["id"]]
            yield f"lifecycle.{model}", "search_count", [[]]

    @mute_logger("odoo.http", "odoo.models", "odoo.orm.models")
    def test_portal_user(self):
        self.authenticate("portal", "portal-password")
        me = self.portal.partner_id
        [known] = self._call("res.partner", "read", [me.id], ["name"])
        self.assertEqual(known["name"], "Portal User")
        calls = list(self._calls(me.id))
        before = [self._call(model, name, *args) for model, name, args in calls]
        self._change_secrets(self.company)
        after = [self._call(model, name, *args) for model, name, args in calls]
        for call, first, second in zip(calls, before, after, strict=True):
            with self.subTest(call=call):
                self.assertEqual(first, second)
                if call[1] in ("read", "web_read", "formatted_read_group"):
                    self.assertEqual(first, "AccessError")
                if call[0].startswith("lifecycle."):
                    self.assertEqual(first, "AccessError")

    @mute_logger("odoo.http")
    def test_anonymous(self):
        domain = [("clv_historic", ">", 1)]
        answer = self._call("res.partner", "search_count", domain)
        self.assertEqual(answer, "SessionExpiredException")

    def test_salesperson(self):
        """The wire itself works: who may see the scores gets them."""
        self.authenticate("sales", "sales-password")
        [values] = self._call("res.partner", "read", self.alpha.ids, SCORES)
        self.assertEqual(values["clv_historic"], 1000)
        self.assertEqual(values["rfm_code"], "545")
        [total] = self._call(
            "res.partner",
            "formatted_read_group",
            [("id", "=", self.alpha.id)],
            [],
            ["clv_historic:sum"],
        )
        self.assertEqual(total["clv_historic:sum"], 1000)

    @mute_logger("odoo.http", "odoo.models", "odoo.orm.models")
    def test_salesperson_of_the_own_documents(self):
        """No figures of the whole company; customers and what changed as before."""
        self.env["lifecycle.snapshot"]._rebuild(self.company, 2)
        self.env.flush_all()
        leader = ("sales_team.group_sale_salesman_all_leads",)
        self._user("leader", leader)
        for login, allowed in (("sales", False), ("leader", True)):
            self.authenticate(login, f"{login}-password")
            for model in ("kpi", "movement", "snapshot"):
                answer = self._call(f"lifecycle.{model}", "search_count", [])
                if allowed:
                    self.assertGreater(answer, 0)
                else:
                    self.assertEqual(answer, "AccessError", model)
            self.assertEqual(self._call("lifecycle.profile", "search_count", []), 5)

    def test_portal_pages(self):
        """No page shows a score, a stage or a segment, in text or in data."""
        self.profiles.filtered(lambda p: p.partner_id == self.portal.partner_id).write(
            {"revenue_total": 98_761.25, "clv_historic": 98_761.25, "rfm_code": "525"}
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.portal.partner_id.id)]
        )
        self.authenticate("portal", "portal-password")
        pages = ("/my", "/my/account", "/my/orders", f"/my/orders/{order.id}")
        for page in (*pages, "/my/privacy"):
            with self.subTest(page=page):
                response = self.url_open(page)
                self.assertEqual(response.status_code, 200)
                html = response.text.casefold()
                self.assertIn("portal user", html)
                # the stage, not the loyalty cards of Odoo's own portal
                fields = r"lifecycle_(?!crm/static/)"  # pictures are no secret
                secrets = (fields, "98,?761", "rfm_", "clv_", r"\bloyal\b")
                self.assertFalse([text for text in secrets if re.search(text, html)])
