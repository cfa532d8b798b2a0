"""People with and without rights, secrets, and everything that one may ask."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from .common import LifecycleCase

# Fields by which all kinds of paths and types are asked.
ASKED = {
    "clv_historic": 500.0,
    "rfm_code": "545",
    "last_order_date": "2026-01-01",
    "lifecycle_stage_id": "Loyal",
    "lifecycle_profile_id.revenue_total": 500.0,
    "lifecycle_profile_ids.revenue_total": 500.0,
    "lifecycle_profile_id.stage_id.name": "Loyal",
}
PATHS = {
    "res.partner": ["", "parent_id.", "child_ids.", "commercial_partner_id."],
    "res.users": ["", "partner_id.", "partner_id.child_ids."],
    "res.company": ["partner_id."],
    "sale.order": ["", "partner_id.", "partner_shipping_id."],
    "crm.lead": ["", "partner_id."],
}
GROUPED = [
    "lifecycle_stage_id",
    "lifecycle_segment_id",
    "rfm_code",
    "last_order_date:month",
    "lifecycle_profile_id",
    "lifecycle_profile_id.stage_id",
    "partner_id.lifecycle_stage_id",
    "partner_id.lifecycle_profile_id.stage_id",
    "parent_id.lifecycle_stage_id",
    "commercial_partner_id.rfm_code",
]
AGGREGATED = [
    "clv_historic:sum",
    "clv_historic:avg",
    "clv_historic:min",
    "clv_historic:max",
    "lifecycle_order_count:sum",
    "last_order_date:max",
    "lifecycle_stage_id:count_distinct",
    "lifecycle_profile_id:array_agg",
]


def fields_of_profile(model):
    """Names of the fields of a model that show something of the profile."""
    return [
        name
        for name in model._fields
        if model._name == "lifecycle.profile"
        or name == "lifecycle_profile_ids"
        or model._is_lifecycle_field(name)
    ]


def operators(value):
    yield from (("in", [value]), ("!=", value), ("=", False))
    yield (">" if not isinstance(value, str) or value[0] == "2" else "ilike"), value


def filters(paths):
    """Domains over all fields, by all paths, with all kinds of operators."""
    for path in paths:
        for name, value in ASKED.items():
            for operator, operand in operators(value):
                yield [(path + name, operator, operand)]
        for inner in ([("id", ">", 0)], [("revenue_total", ">", 500)]):
            for operator in ("any", "not any"):
                for name in ("lifecycle_profile_id", "lifecycle_profile_ids"):
                    yield [(path + name, operator, inner)]


def questions():
    """What somebody may ask over RPC: (model, method, positional, named)."""
    for model, paths in PATHS.items():
        for domain in filters(paths):
            yield model, "search", [domain], {"order": "id"}
        for name in ("clv_historic", "lifecycle_stage_id", "lifecycle_profile_id"):
            for order in (name, f"{name} desc", f"{name}.id", f"partner_id.{name}"):
                # equals in the order of their ids: else chance decides
                yield model, "search_read", [[], ["id"]], {"order": f"{order}, id"}
        for group in GROUPED:
            yield model, "formatted_read_group", [[], [group], ["__count"]], {}
        for aggregate in AGGREGATED:
            yield model, "formatted_read_group", [[], [], [aggregate]], {}
        yield model, "read_group", [[], ["clv_historic:sum"], ["rfm_code"]], {}
        yield model, "search_panel_select_range", ["lifecycle_stage_id"], {}
        yield model, "name_search", ["", [("clv_historic", ">", 500)]], {}


class AskingMixin:
    """People, and what they may ask over RPC; for a test class with companies."""

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return cls.env["res.users"].create(
            {
                "name": f"{login.title()} User",
                "login": login,
                "password": f"{login}-password",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set([cls.env.ref(g).id for g in groups])],
            }
        )

    def _as(self, user, company=None):
        """The environment of a request of a user."""
        company = company or user.company_id
        return self.env(user=user, su=False, context={"lang": "en_US"})(
            context={"lang": "en_US", "allowed_company_ids": company.ids}
        )

    def _ask(self, user, model, method, *args, **kwargs):
        """One call as RPC does it, from an empty cache, undone after."""
        env = self._as(user)
        env.invalidate_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                return call_kw(env[model], method, list(args), kwargs)
            finally:
                env.clear()
                savepoint.rollback()

    def _answer(self, user, model, method, *args, **kwargs):
        """The answer, or the kind of refusal."""
        try:
            return self._ask(user, model, method, *args, **kwargs)
        except (UserError, LookupError, ValueError) as error:
            return type(error).__name__

    def _refused(self, user, model, method, *args, **kwargs):
        with (
            self.subTest(user=user.login, model=model, method=method, args=args),
            self.assertRaises(AccessError),
        ):
            self._ask(user, model, method, *args, **kwargs)


class SecurityCase(AskingMixin, LifecycleCase):
    """Two companies with scores, and users who may and may not see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other
        contacts = ("base.group_user", "base.group_partner_manager")
        export = "base.group_allow_export"
        sales = ("sales_team.group_sale_salesman", export)
        cls.portal = cls._user("portal", ("base.group_portal",))
        cls.public = cls.env.ref("base.public_user")
        cls.plain = cls._user("plain", ("base.group_user",))
        cls.contacts = cls._user("contacts", (*contacts, export))
        cls.settings = cls._user("settings", ("base.group_system", export))
        cls.salesperson = cls._user("sales", sales)
        cls.foreigner = cls._user("foreigner", sales, cls.other)
        cls.manager = cls._user("manager", ("lifecycle_crm.group_lifecycle_manager",))
        cls.foreign_manager = cls._user(
            "foreign_manager", ("lifecycle_crm.group_lifecycle_manager",), cls.other
        )
        cls.without_rights = (
            cls.portal | cls.public | cls.plain | cls.contacts | cls.settings
        )
        cls.alpha = cls._partner("Alpha", is_company=True, email="a@example.com")
        cls.kid = cls._partner("Kid of Alpha", parent_id=cls.alpha.id)
        cls.beta = cls._partner("Beta")
        cls.nobody = cls._partner("Nobody")
        # a parent with a score, so that every path leads to one
        cls.plain.partner_id.parent_id = cls.alpha
        cls.contacts.partner_id.parent_id = cls.beta
        cls.profiles = cls.env["lifecycle.profile"]
        for company in (cls.company, cls.other):
            for partner, amount in (
                (cls.alpha, 1000),
                (cls.beta, 20),
                (cls.portal.partner_id, 555),
                (cls.settings.partner_id, 777),
                (cls.company.partner_id, 999),
            ):
                cls.profiles += cls._secret(partner, company, amount)
        cls._trade()
        cls.env.flush_all()

    @classmethod
    def _trade(cls):
        cls._order(cls.alpha, "2026-05-01", 100, user_id=cls.salesperson.id)
        cls._order(cls.beta, "2026-05-01", 200, user_id=cls.salesperson.id)
        cls._order(cls.portal.partner_id, "2026-05-01", 300)
        cls.env["crm.lead"].create(
            [
                {
                    "name": f"Lead of {partner.name}",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": cls.salesperson.id,
                    "company_id": cls.company.id,
                }
                for partner in (cls.alpha, cls.kid, cls.beta)
            ]
        )

    @classmethod
    def _secret(cls, partner, company, amount):
        return cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "revenue_total": amount,
                "clv_historic": amount,
                "order_count": 4,
                "last_order_date": date(2026, 1, 1),
                "rfm_code": "545",
                "stage_id": cls.env.ref("lifecycle_crm.stage_loyal").id,
                "segment_id": cls.env.ref("lifecycle_crm.segment_loyal").id,
            }
        )

    def _change_secrets(self, company):
        """Everything about every customer of a company is different now."""
        profiles = self.profiles.filtered(lambda p: p.company_id == company)
        kept = self.alpha | self.portal.partner_id
        changed = profiles.filtered(lambda p: p.partner_id in kept)
        (profiles - changed).unlink()
        changed.write(
            {
                "revenue_total": 3,
                "clv_historic": 3,
                "order_count": 1,
                "last_order_date": date(2020, 1, 1),
                "rfm_code": "111",
                "stage_id": self.env.ref("lifecycle_crm.stage_lapsed").id,
                "segment_id": self.env.ref("lifecycle_crm.segment_dormant").id,
            }
        )
        self._secret(self.nobody, company, 4000)
        self.env.flush_all()

    def _answers(self, user):
        """Answers to all questions, by question."""
        with mute_logger("odoo.models", "odoo.orm.models", "odoo.domains"):
            return {
                (model, method, repr(args), repr(named)): self._answer(
                    user, model, method, *args, **named
                )
                for model, method, args, named in questions()
            }
