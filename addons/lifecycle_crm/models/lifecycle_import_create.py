"""Creates the customers of a file that are no contacts yet.

100,000 of them take 50 seconds by ``create`` and fire every automation rule on new
contacts; an import must not send 100,000 welcome mails. So they are written by SQL, as
copies of a contact that the ORM prepared in memory with all its defaults.
"""

from odoo import models
from odoo.tools import SQL, split_every

# Columns that are different for each customer, and what they are made of.
_OWN_COLUMNS = {
    "id": SQL("n.id"),
    "name": SQL("n.value"),
    "complete_name": SQL("n.value"),
    "ref": SQL("n.ref"),
    "email": SQL("n.email"),
    "email_normalized": SQL("lower(n.email)"),
    "commercial_partner_id": SQL("n.id"),
}
_SAMPLES = (
    {"name": "A", "ref": "1", "email": "a@example.com"},
    {"name": "B", "ref": "2", "email": "b@example.com"},
)


class LifecycleImportEngine(models.AbstractModel):
    _inherit = "lifecycle.import.engine"

    def _create_customers(self, plan, record):
        """Create what is missing and note it in ``plan.customers`` and ``record``."""
        customers = plan.customers
        used = customers.loc[plan.good["customer_num"].unique()]
        nums = used.loc[used["partner_id"] == 0, "created_as"].unique()
        if not len(nums):
            return
        new = customers.loc[nums, ["value"]]
        is_email = new["value"].str.contains("@")
        new["ref"] = new["value"].where(~is_email, "")
        new["email"] = new["value"].where(is_email, "")
        new.insert(0, "id", self._reserve_ids(len(new)))
        self._insert_customers(new, self._get_customer_values(plan))
        ids = new["id"].tolist()
        self.env.execute_query(
            SQL(
                """INSERT INTO lifecycle_import_partner_rel (import_id, partner_id)
                SELECT %s, unnest(%s::int[]) RETURNING 1""",
                record.id,
                ids,
            )
        )
        created = customers["created_as"].map(new["id"]).dropna()
        customers.loc[created.index, "partner_id"] = created.astype(int)

    def _get_customer_values(self, plan):
        """What all created customers have in common. To be extended."""
        # only whether there are several, whichever the user may see
        several = self.env["res.company"].sudo().search_count([], limit=2) > 1
        return {
            "is_company": plan.options.create_companies,
            # numbers of customers are only unique within a company
            "company_id": plan.company.id if several else False,
            "lang": plan.company.partner_id.lang or self.env.lang,
            "customer_rank": 1,  # seen under Sales › Customers
        }

    def _reserve_ids(self, count):
        rows = self.env.execute_query(
            SQL(
                """SELECT nextval(pg_get_serial_sequence('res_partner', 'id'))
                FROM generate_series(1, %s)""",
                count,
            )
        )
        return [number for (number,) in rows]

    def _insert_customers(self, new, values):
        """Write contacts.

        :param new: DataFrame of id, value, ref, email
        :param dict values: what they have in common
        """
        columns, recomputed = self._get_customer_columns(values)
        if values["is_company"]:
            columns["commercial_company_name"] = SQL("n.value")
        self.env.execute_query(
            SQL(
                """DROP TABLE IF EXISTS _lifecycle_import_new;
                CREATE TEMP TABLE _lifecycle_import_new
                    (id int, value varchar, ref varchar, email varchar) ON COMMIT DROP;
                SELECT 1"""
            )
        )
        self._copy("_lifecycle_import_new", new)
        self.env.execute_query(
            SQL(
                "INSERT INTO res_partner (%s) SELECT %s FROM _lifecycle_import_new n "
                "ORDER BY n.id RETURNING 1",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(columns.values()),
            )
        )
        self.env.invalidate_all()
        Partner = self.env["res.partner"].sudo()  # computed fields only
        for ids in split_every(1000, new["id"].tolist()) if recomputed else ():
            partners = Partner.browse(ids)
            for name in recomputed:
                self.env.add_to_compute(Partner._fields[name], partners)
            partners.flush_recordset()
            self.env.invalidate_all()

    def _get_customer_columns(self, values):
        """Columns of a new contact and the expression of each.

        Two contacts are prepared in memory. A column that other addons compute from
        what makes a customer different from the next is left to the ORM.

        :return: ({column: SQL}, names of the fields to recompute)
        """
        # The rights of the importing user do not matter: managers may import.
        Partner = self.env["res.partner"].sudo().with_context(tz=False)
        first, second = (
            self._get_prepared_columns(Partner, {**values, **sample})
            for sample in _SAMPLES
        )
        columns, recomputed = {}, []
        for name, value in first.items():
            field = Partner._fields[name]
            if name in _OWN_COLUMNS:
                continue
            if str(value) != str(second[name]) and field.compute:
                recomputed.append(name)
                continue
            columns[name] = SQL("%s", value)
        moment = SQL("now() AT TIME ZONE 'UTC'")
        user = SQL("%s", self.env.uid)
        columns.update(
            {
                **_OWN_COLUMNS,
                "create_uid": user,
                "write_uid": user,
                "create_date": moment,
                "write_date": moment,
            }
        )
        return columns, [
            name for name in recomputed if name != "commercial_company_name"
        ]

    def _get_prepared_columns(self, Partner, values):
        """{column: value} of a contact that is not created: given and computed."""
        values = Partner._add_missing_default_values(values)
        partner = Partner.new(values)
        return {
            name: field.convert_to_column_insert(
                field.convert_to_write(partner[name], partner), partner
            )
            for name, field in Partner._fields.items()
            if field.store
            and field.column_type
            and (name in values or field.compute)
            and name not in models.MAGIC_COLUMNS
            and name not in _OWN_COLUMNS
        }
