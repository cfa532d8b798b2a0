"""Everybody who may work with the suite, and a row of every model to look at."""

from odoo import Command
from odoo.exceptions import AccessError, UserError

from . import rights_file, rights_walk
from .common import LifecycleCase
from .rights_samples import Samples
from .security_common import AskingMixin

SILENT = (
    "odoo.models",
    "odoo.orm.models",
    "odoo.domains",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
)
# What a question can come to beside an answer, for who may ask it.
REFUSALS = (
    *(UserError, LookupError, ValueError, TypeError, AttributeError),
    NotImplementedError,
)


class RightsCase(AskingMixin, LifecycleCase):
    """A user of each column of the matrix in one company, and one of another.

    ``samples`` has a row of every model of ours: of the customer of the salesperson
    ("mine"), of a colleague's ("colleague"), of another company ("foreign").
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addons = rights_walk.our_addons(cls.env)
        cls.models = rights_walk.our_models(cls.env, cls.addons)
        cls.declared, cls.scopes = rights_file.read_matrix()
        cls.other = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other
        cls.users = {
            role: cls._role(role, groups)
            for role, groups in rights_file.ROLES.items()
            if cls.env.ref(rights_file.NEEDED.get(role, "base.group_user"), False)
        }
        cls.foreigner = cls._role("foreigner", rights_file.ROLES["admin"], cls.other)
        cls.samples = {}
        for number, (key, company, user) in enumerate(
            (
                ("mine", cls.company, cls.users["seller"]),
                ("colleague", cls.company, cls.users["leader"]),
                ("foreign", cls.other, cls.foreigner),
            ),
            1,
        ):
            customer = cls._partner(f"Customer {number}", user_id=user.id)
            samples = Samples(cls.env, cls.addons, company, customer, user, number)
            for name in cls.models:
                if samples.has_table(cls.env[name]):
                    samples.get(name)
            cls.samples[key] = samples
            cls._trade(customer, user, company, number)
        cls.env.invalidate_all()

    @classmethod
    def _role(cls, role, groups, company=None):
        if role == "public":
            return cls.env.ref("base.public_user")
        known = [group for group in groups if cls.env.ref(group, False)]
        user = cls._user(f"rights_{role}", known, company)
        if not user.share:
            # the right to export is not the right to see
            user.group_ids = [
                Command.link(cls.env.ref("base.group_allow_export").id),
            ]
        return user

    @classmethod
    def _trade(cls, customer, user, company, number):
        """What leads to a customer: documents of who sells to it."""
        cls._order(
            customer, "2026-05-01", 100 * number, company=company, user_id=user.id
        )
        cls.env["crm.lead"].create(
            {
                "name": f"Lead {number}",
                "type": "opportunity",
                "partner_id": customer.id,
                "user_id": user.id,
                "company_id": company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.problems = []

    # -- asking --------------------------------------------------------------

    def _try(self, user, model, method, *args, **kwargs):
        """("ok", answer), ("access", text) or ("error", its text)."""
        try:
            return "ok", self._ask(user, model, method, *args, **kwargs)
        except AccessError as error:
            return "access", str(error)
        except REFUSALS as error:
            return "error", f"{type(error).__name__}: {error}"

    def _compare(self, kind, observed, scopes=None):
        """Fail with the lines of the file that would be right, where it is not."""
        roles = self.users
        declared = {
            entry: cells
            for entry, cells in self.declared.items()
            if entry.kind == kind and entry.addon in self.addons
        }
        gone = {entry: declared[entry] for entry in declared.keys() - observed}
        wrong = {
            entry: {**declared.get(entry, {}), **cells}
            for entry, cells in observed.items()
            if {role: declared.get(entry, {}).get(role) for role in roles} != cells
        }
        if scopes is not None:
            wrong |= {
                entry: observed[entry]
                for entry in observed
                if self.scopes.get(entry.model) != scopes[entry.model]
            }
        message = []
        for title, entries in (
            ("is declared and is not there any more", gone),
            ("is not declared, or not like this", wrong),
        ):
            lines = [",".join(line) for line in rights_file.as_lines(entries, scopes)]
            message += [f"{title}:", *lines] if lines else []
        text = "\n".join([f"{rights_file.FILE.name}:", *message])
        with self.subTest("the declared matrix"):
            self.assertFalse(bool(message), text)
        self.assertEqual(self.problems, [], "each way of looking has the same answer")
