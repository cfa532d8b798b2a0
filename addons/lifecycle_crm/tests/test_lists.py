from odoo.fields import Domain
from odoo.tests import tagged

from .common import TODAY, LifecycleCase

AGGREGATES = [
    "clv_historic:sum",
    "lifecycle_order_count:sum",
    "lifecycle_currency_id:array_agg_distinct",
    "clv_historic:sum_currency",
]


@tagged("post_install", "-at_install")
class TestLists(LifecycleCase):
    """Contacts and leads filtered, sorted and grouped by what the profile says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other
        cls.active, cls.loyal = cls._stages("active", "loyal")
        cls.buyer = cls._partner("Buyer", is_company=True)
        cls.child = cls._partner("Child", parent_id=cls.buyer.id)
        cls.small = cls._partner("Small")
        cls.free = cls._partner("Free")
        cls.bare = cls._partner("Bare")
        cls.foreign = cls._partner("Foreign")
        cls.nobody = cls._partner("Nobody")
        cls._score(cls.buyer, cls.loyal, 1000)
        cls._score(cls.small, cls.active, 20)
        cls._score(cls.free, cls.active, 0)
        cls._score(cls.bare, cls.env["lifecycle.stage"], None)
        cls._score(cls.foreign, cls.loyal, 5000, company=cls.other)
        cls._score(cls.small, cls.loyal, 7000, company=cls.other)
        cls.everybody = (
            cls.buyer | cls.child | cls.small | cls.free | cls.bare | cls.foreign
        ) | cls.nobody
        for partner in cls.everybody:
            cls._lead(partner, TODAY)
        # NULL, not 0: the engine leaves empty what it does not know
        cls.env.cr.execute(
            "UPDATE lifecycle_profile SET clv_historic = NULL WHERE partner_id = %s",
            [cls.bare.id],
        )
        cls.env.invalidate_all()

    @classmethod
    def _stages(cls, *names):
        return [cls.env.ref(f"lifecycle_crm.stage_{name}") for name in names]

    @classmethod
    def _score(cls, partner, stage, value, company=None):
        cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "stage_id": stage.id,
                "clv_historic": value,
                "order_count": 2,
                "last_order_date": TODAY,
            }
        )
        cls.env.flush_all()

    def _mine(self, model="res.partner"):
        path = "id" if model == "res.partner" else "partner_id"
        return Domain(path, "in", self.everybody.ids)

    def _names(self, domain=Domain.TRUE, model="res.partner", **kwargs):
        records = self.env[model].search(self._mine(model) & Domain(domain), **kwargs)
        return (records if model == "res.partner" else records.partner_id).mapped(
            "name"
        )

    # -- filters ---------------------------------------------------------------

    def test_filters(self):
        active, loyal = self.active.id, self.loyal.id
        for domain, expected in (
            ([("lifecycle_stage_id", "=", loyal)], "Buyer Child"),
            ([("lifecycle_stage_id", "ilike", "loy")], "Buyer Child"),
            ([("lifecycle_stage_id.name", "=", self.loyal.name)], "Buyer Child"),
            ([("lifecycle_stage_id", "in", [active, loyal])], "Buyer Child Free Small"),
            (
                [("lifecycle_stage_id", "in", [active, False])],
                "Bare Foreign Free Nobody Small",
            ),
            ([("lifecycle_stage_id", "!=", loyal)], "Bare Foreign Free Nobody Small"),
            (
                [("lifecycle_stage_id", "not in", [active])],
                "Bare Buyer Child Foreign Nobody",
            ),
            ([("lifecycle_stage_id", "!=", False)], "Buyer Child Free Small"),
            ([("lifecycle_stage_id", "=", False)], "Bare Foreign Nobody"),
            (
                ["!", ("lifecycle_stage_id", "=", loyal)],
                "Bare Foreign Free Nobody Small",
            ),
            ([("clv_historic", ">", 10)], "Buyer Child Small"),
            ([("last_order_date", "<=", "2026-06-15")], "Bare Buyer Child Free Small"),
            ([("lifecycle_profile_id", "!=", False)], "Bare Buyer Child Free Small"),
            ([("lifecycle_profile_id", "=", False)], "Foreign Nobody"),
            (
                ["|", ("lifecycle_stage_id", "=", loyal), ("name", "=", "Nobody")],
                "Buyer Child Nobody",
            ),
            (
                [("lifecycle_stage_id", "=", active), ("clv_historic", ">", 10)],
                "Small",
            ),
            (
                [("lifecycle_profile_id", "not any", [("stage_id", "=", active)])],
                "Bare Buyer Child Foreign Nobody",
            ),
            ([("parent_id.lifecycle_stage_id", "=", loyal)], "Child"),
        ):
            for order in (None, "clv_historic desc", "lifecycle_stage_id"):
                with self.subTest(domain=domain, order=order):
                    names = self._names(domain, order=order, limit=80)
                    self.assertEqual(" ".join(sorted(names)), expected)
                    found = self._mine() & Domain(domain)
                    self.assertEqual(
                        self.env["res.partner"].search_count(found), len(names)
                    )
            leads = self._names(
                [
                    term
                    if isinstance(term, str)
                    else (f"partner_id.{term[0]}", *term[1:])
                    for term in domain
                ],
                "crm.lead",
            )
            with self.subTest(domain=domain, model="crm.lead"):
                self.assertEqual(" ".join(sorted(leads)), expected)

    def test_filters_of_each_company(self):
        loyal = [("lifecycle_stage_id", "=", self.loyal.id)]
        self.assertEqual(sorted(self._names(loyal)), ["Buyer", "Child"])
        self.env = self.env(context={"allowed_company_ids": self.other.ids})
        self.assertEqual(sorted(self._names(loyal)), ["Foreign", "Small"])

    def test_filter_in_memory(self):
        """A domain filters records as it finds them."""
        for domain in (
            [("lifecycle_stage_id", "=", self.loyal.id)],
            [("lifecycle_stage_id", "=", False)],
            [("lifecycle_profile_id", "any", [("clv_historic", ">", 10)])],
        ):
            with self.subTest(domain=domain):
                filtered = self.everybody.filtered_domain(domain)
                self.assertEqual(
                    sorted(filtered.mapped("name")), sorted(self._names(domain))
                )

    # -- sorting ---------------------------------------------------------------

    def test_pages_are_the_list_in_pieces(self):
        for model in ("res.partner", "crm.lead"):
            for order in ("clv_historic desc, id", "clv_historic, id desc"):
                whole = self._names(model=model, order=order)
                self.assertEqual(len(whole), 7)
                for size in (1, 2, 3, 4, 5, 6, 7, 8):
                    pages = []
                    for offset in range(0, 7, size):
                        pages += self._names(
                            model=model, order=order, offset=offset, limit=size
                        )
                    with self.subTest(model=model, order=order, size=size):
                        self.assertEqual(pages, whole)

    def test_who_has_no_value_comes_last(self):
        first = self._names(order="clv_historic desc, id", limit=80)
        self.assertEqual(first[:4], ["Buyer", "Child", "Small", "Free"])
        last = self._names(order="clv_historic, id", limit=80)
        self.assertEqual(last[:4], ["Free", "Small", "Buyer", "Child"])
        for names in (first, last):
            self.assertEqual(set(names[4:]), {"Bare", "Foreign", "Nobody"})

    def test_sort_by_stage_follows_the_stages(self):
        self.active.sequence, self.loyal.sequence = 1000, 999
        self.env.flush_all()
        up = self._names(order="lifecycle_stage_id, id")
        self.assertEqual(up[:4], ["Buyer", "Child", "Small", "Free"])
        down = self._names(order="lifecycle_stage_id desc, id")
        self.assertEqual(down[:4], ["Small", "Free", "Buyer", "Child"])
        self.assertEqual(up[4:], down[4:])

    # -- groups ----------------------------------------------------------------

    def _groups(self, groupby, model="res.partner", **kwargs):
        answer = self.env[model].web_read_group(
            list(self._mine(model)), [groupby], AGGREGATES[:1], **kwargs
        )
        groups = [
            (
                group[groupby] and group[groupby][1],
                group["__count"],
                group["clv_historic:sum"] or 0,
            )
            for group in answer["groups"]
        ]
        return groups, answer["length"]

    def test_groups_by_stage(self):
        self.active.sequence, self.loyal.sequence = 1000, 999
        self.env.flush_all()
        loyal, active, none = ("Loyal", 2, 1000), ("Active", 2, 20), (False, 3, 0)
        for model in ("res.partner", "crm.lead"):
            with self.subTest(model=model):
                groups, length = self._groups("lifecycle_stage_id", model)
                self.assertEqual((groups, length), ([loyal, active, none], 3))
                order = "lifecycle_stage_id desc"
                groups, _length = self._groups("lifecycle_stage_id", model, order=order)
                self.assertEqual(groups, [active, loyal, none])
                order = "clv_historic desc"
                groups, _length = self._groups("lifecycle_stage_id", model, order=order)
                self.assertEqual(groups, [loyal, active, none])

    def test_a_page_of_groups(self):
        for limit, offset in ((1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (80, 0)):
            whole, _length = self._groups("parent_id")
            page, length = self._groups("parent_id", limit=limit, offset=offset)
            with self.subTest(limit=limit, offset=offset):
                self.assertEqual(page, whole[offset : offset + limit])
                self.assertEqual(length, 2)

    def test_groups_open(self):
        answer = self.env["res.partner"].web_read_group(
            list(self._mine()),
            ["lifecycle_stage_id"],
            AGGREGATES,
            order="clv_historic desc",
            auto_unfold=True,
            unfold_read_specification={"name": {}, "clv_historic": {}},
        )
        opened = {
            group["lifecycle_stage_id"][1]: [
                record["name"] for record in group["__records"]
            ]
            for group in answer["groups"]
            if "__records" in group
        }
        self.assertEqual(sorted(opened.pop("Loyal")), ["Buyer", "Child"])
        self.assertEqual(opened, {"Active": ["Small", "Free"]})

    def test_currency_of_totals(self):
        [row] = self.env["res.partner"].formatted_read_group(
            list(self._mine()), [], AGGREGATES
        )
        self.assertEqual(row["lifecycle_currency_id:array_agg_distinct"], self.usd.ids)
        self.assertEqual(row["clv_historic:sum_currency"], 1020)
        [row] = self.env["res.partner"].formatted_read_group(
            [("name", "=", "There is no such")], [], AGGREGATES
        )
        self.assertFalse(row["lifecycle_currency_id:array_agg_distinct"])
        self.assertFalse(row["clv_historic:sum"])

    def test_currencies_of_profiles(self):
        """Those of the companies in a group, as Odoo itself would say."""
        euro = self._currency("EUR")
        self.other.currency_id = euro
        spec = "currency_id:array_agg_distinct"
        profiles = self.env["lifecycle.profile"].sudo()
        for companies, expected in (
            (self.company, self.usd),
            (self.other, euro),
            (self.company | self.other, self.usd | euro),
        ):
            [row] = profiles.formatted_read_group(
                [("company_id", "in", companies.ids)], [], [spec]
            )
            self.assertEqual(row[spec], sorted(expected.ids))
        groups = profiles.formatted_read_group(
            [("partner_id", "in", self.small.ids)], ["company_id"], [spec]
        )
        found = {group["company_id"][0]: group[spec] for group in groups}
        self.assertEqual(
            found, {self.company.id: self.usd.ids, self.other.id: euro.ids}
        )

    def test_colours_are_not_added_up(self):
        for model in ("res.partner", "crm.lead", "sale.order", "lifecycle.profile"):
            names = [n for n in self.env[model]._fields if n.endswith("_color")]
            names = [n for n in names if "stage" in n or "segment" in n]
            listed = self.env[model].fields_get(names, ["aggregator"])
            ours = {n for n in names if n.startswith(("lifecycle_", "stage_color"))}
            self.assertTrue(ours)
            self.assertFalse([n for n in ours if listed[n].get("aggregator")])

    # -- queries ---------------------------------------------------------------

    def _count_queries(self, ask):
        ask()  # what is asked once per process
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ask()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_list(self):
        many = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(70)]
        )
        for number, partner in enumerate(many):
            self._score(partner, self.active, 100 + number)
        self.env["crm.lead"].create(
            [{"name": p.name, "partner_id": p.id, "type": "lead"} for p in many]
        )
        for model, path in (("res.partner", "id"), ("crm.lead", "partner_id")):
            ours = self.env[model]
            spec = {
                name: {"fields": {"display_name": {}}} if field.relational else {}
                for name, field in ours._fields.items()
                if ours._is_lifecycle_field(name)
            }
            spec.pop("lifecycle_profile_id")
            self.assertGreater(len(spec), 4)

            def read(size, ours=ours, spec=spec, path=path):
                answer = ours.web_search_read(
                    [(path, "in", many.ids[:size])],
                    spec,
                    limit=80,
                    order="clv_historic desc",
                )
                self.assertEqual(len(answer["records"]), size)

            def group(size, ours=ours, path=path):
                ours.web_read_group(
                    [(path, "in", many.ids[:size])],
                    ["lifecycle_stage_id"],
                    AGGREGATES if ours._name == "res.partner" else AGGREGATES[:1],
                    limit=80,
                )

            for ask in (read, group):
                with self.subTest(model=model, ask=ask.__name__):
                    few = self._count_queries(lambda ask=ask: ask(3))
                    all_of_them = self._count_queries(lambda ask=ask: ask(70))
                    self.assertEqual(all_of_them, few)
                    self.assertLess(few, 16)
