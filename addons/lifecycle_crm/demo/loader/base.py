"""What the steps of the loader share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

MODULE = "lifecycle_crm"

# No mail, no chatter, no followers, no activities: the demo company is silent.
SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "mail_activity_automation_skip": True,
    "no_reset_password": True,
    "sale_no_log_for_new_lines": True,
    "skip_invoice_sync_message": True,
    # where there is a stock: what was sold years ago was delivered long since
    "skip_procurement": True,
    # dirty marks of every single order are of no use: all is computed at the end
    "lifecycle_no_recompute": True,
}


class DemoData:
    """The environment, the plan, and the records made so far by their keys."""

    def __init__(self, env, plan):
        self.env = env(su=True, context={**env.context, **SILENT, "lang": "en_US"})
        self.plan = plan
        self.companies = {}  # 1 and 2
        self.foreign_currency = None
        self.users = {}
        self.teams = {}  # by company
        self.products = {}
        self.pricelists = {}  # by (company, foreign)
        self.customers = {}  # the plan's customers
        self.partners = {}
        self.contacts = defaultdict(list)
        self.leads = {}
        self.orders = []  # pairs of a planned order and its sale.order

    def company_env(self, number: int):
        """The environment of someone who has switched to that company only."""
        company = self.companies[number]
        context = {**self.env.context, "allowed_company_ids": company.ids}
        return self.env(context=context)

    def ref(self, name: str):
        return self.env.ref(name, raise_if_not_found=False)

    def name_records(self, names_and_records: Iterable[tuple[str, object]]) -> None:
        """Give records external ids, so that others can point at them."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}
                for name, record in names_and_records
            ]
        )


def in_batches(values: list, size: int) -> Iterator[list]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
