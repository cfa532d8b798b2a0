"""Who comes to which address, with the right key and with a wrong one."""

import re

from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .rights_common import RightsCase
from .rights_file import Entry
from .rights_samples import Samples

# nobody's page tells it; neither in figures nor in formatted text
SECRET = r"98,?761"


@tagged("post_install", "-at_install")
class TestRightsRoutes(RightsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.users["portal"].partner_id
        seller = cls.users["seller"]
        samples = Samples(cls.env, cls.addons, cls.company, cls.partner, seller)
        profile = samples.get("lifecycle.profile")
        cls.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile
                SET clv_historic = 98761, revenue_total = 98761 WHERE id = %s""",
                profile,
            )
        )
        cls.env.invalidate_all()

    def _rules(self):
        """``(address, method, addon)`` of every route of ours."""
        for url, endpoint in _generate_routing_rules(
            sorted(self.env.registry._init_modules), nodb_only=False
        ):
            addon = endpoint.func.__module__.split(".")[2]
            if addon in self.addons:
                for method in endpoint.routing["methods"] or ["GET"]:
                    yield url, method, addon

    def _key(self, url, name, user, right):
        """The value of an argument in an address.

        A new argument belongs here: what is the right key, and what is a wrong one?
        """
        if name == "company_id":
            return self.company.id
        if name == "partner_id":
            return self.partner.id
        if name == "page":
            return 1 if right else 99
        if name == "token":
            if not right:
                return "0" * 64
            if "/why/" in url:
                return self.partner._get_lifecycle_survey_token(self.company)
            return self.partner._get_lifecycle_token(self.company)
        if name == "code":
            known = self.env["lifecycle.referral"].browse(
                self.samples["mine"].known["lifecycle.referral"]
            )
            return known.code if right else "wrong"
        if name == "wizard_id":
            owner = user if right else self.users["admin"]
            wizards = self.env["lifecycle.score.wizard"].with_user(owner).sudo()
            wizard = wizards.with_company(self.company).create({})
            wizard.flush_recordset()
            return wizard.id
        raise AssertionError(f"{url}: what is the right {name}, and what a wrong one?")

    def _fill(self, url, user, right):
        return re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda found: str(self._key(url, found[1], user, right)),
            url,
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_routes(self):
        observed = {}
        rules = sorted(self._rules())
        for role, user in self.users.items():
            login = f"rights_{role}"
            known = (None, None) if role == "public" else (login, f"{login}-password")
            self.authenticate(*known)
            for url, method, addon in rules:
                for key in ("right", "wrong") if "<" in url else ("right",):
                    address = self._fill(url, user, key == "right")
                    status = self._open(address, method, role)
                    entry = Entry("route", addon, url, f"{method}:{key}")
                    observed.setdefault(entry, {})[role] = status
        self._compare("route", observed)

    def _open(self, address, method, role):
        """Status of the answer, "login" where one is sent there."""
        data = {"what": "nothing"} if method == "POST" else None
        response = self.url_open(address, data=data, allow_redirects=False)
        self.assertNotRegex(response.text, SECRET, f"{role}: {address}")
        if "/web/login" in response.headers.get("Location", ""):
            return "login"
        return str(response.status_code)
