"""The customer's profile, shown on other models without being stored there.

``lifecycle_profile_id`` is a many2one without a column, joined in SQL on
(commercial partner, current company).  So its related fields filter, group, sort
and sum in the ordinary views, and a nightly run never touches ``res_partner``.

Field ``groups`` guard only reading of non-stored fields; search, sort, group and
aggregate go through :meth:`LifecycleMixin._field_to_sql` and ``_search``, which check
the same groups.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

LIFECYCLE_GROUPS = "lifecycle_crm.group_lifecycle_user"
# Short lists that a user sorts by hand: their order is read once, not joined.
RANKED_MODELS = ("lifecycle.stage", "lifecycle.segment")


def hide_limit(limit):
    """A limit of groups that PostgreSQL does not see while it plans.

    A total reads all rows of its group.  Told that a page of groups is enough,
    PostgreSQL would look up the joined rows one by one, a million times.
    """
    return SQL("(SELECT %s)", int(limit)) if limit else limit


class ProfileMany2one(fields.Many2one):
    """Virtual many2one of a partner to its profile in the current company."""

    def join(self, model, alias, query):
        comodel = model.env[self.comodel_name]
        coalias = query.make_alias(alias, self.name)
        query.add_join(
            "LEFT JOIN",
            coalias,
            comodel._table_sql,
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(coalias, "partner_id"),
                model._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(coalias, "company_id"),
                model.env.company.id,
            ),
        )
        return comodel, coalias


def search_profile(model, operator, value):
    """The search method of a :class:`ProfileMany2one` ``lifecycle_profile_id``.

    :return: a domain, or NotImplemented for operators that Odoo takes apart
    """
    if operator not in ("in", "any", "any!"):
        return NotImplemented
    # an AccessError would be swallowed and asked again as superuser
    if not model._has_field_access(model._fields["lifecycle_profile_id"], "read"):
        return Domain.FALSE
    if operator == "in":
        domain = Domain("id", "in", [rec_id for rec_id in value if rec_id])
        without = not all(value)  # False: has no profile
    else:
        domain, without = Domain(value), False

    def to_sql(model, alias, query):
        # On the join that shows, sorts and groups, so that a list has one.  The
        # condition is made here, not in the search method, whose errors Odoo
        # swallows to ask again as superuser: only the profile itself may be
        # asked about, what it leads to has rules of its own.
        field = model._fields["lifecycle_profile_id"]
        profiles, coalias = field.join(model, alias, query)
        profile_id = SQL.identifier(coalias, "id")
        condition = domain.optimize_full(profiles)._to_sql(profiles, coalias, query)
        sql = SQL("(%s IS NOT NULL AND %s)", profile_id, condition)
        if without:
            sql = SQL("(%s OR %s IS NULL)", sql, profile_id)
        return sql

    def predicate(record):
        profile = record.lifecycle_profile_id
        return bool(profile.filtered_domain(domain)) if profile else without

    return Domain.custom(to_sql=to_sql, predicate=predicate)


class LifecycleMixin(models.AbstractModel):
    _name = "lifecycle.mixin"
    _description = "Shows the Customer's Profile"

    lifecycle_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Scores",
        compute="_compute_lifecycle_currency_id",
        groups=LIFECYCLE_GROUPS,
        help="Scores are in the currency of the current company.",
    )

    @api.depends_context("company")
    def _compute_lifecycle_currency_id(self):
        self.lifecycle_currency_id = self.env.company.currency_id

    @api.model
    def _search(self, domain, *args, **kwargs):
        # nor does a filter; and an error would be swallowed and asked again as
        # superuser: to who may not read the scores the condition is just false
        if not self.env.su:
            domain = Domain(domain).map_conditions(self._guard_condition)
        return super()._search(domain, *args, **kwargs)

    def _guard_condition(self, condition):
        name = condition.field_expr.partition(".")[0]
        if self._is_lifecycle_field(name) and not self._has_field_access(
            self._fields[name], "read"
        ):
            return Domain.FALSE
        return condition

    @api.model
    def _is_lifecycle_field(self, name):
        """Whether a field shows something of the profile."""
        field = self._fields.get(name)
        return bool(
            field
            and not field.store
            and (
                field.name == "lifecycle_profile_id"
                or (field.related and "lifecycle_profile_id" in field.related)
            )
        )

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # Who has no value comes last, so the first pages hold nobody without one.
        # Asked like that, PostgreSQL may sort the profiles alone and look up contacts
        # for one page, where it would else join all of them.
        name = self._get_leading_value(order) if limit else None
        if name:
            valued = Domain(domain) & self._get_valued_domain(name)
            records = super().search_fetch(valued, field_names, offset, limit, order)
            if len(records) == limit:
                return records
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _get_leading_value(self, order):
        """Name of the value of the profile that a list is first sorted by, or None."""
        name = (order or self._order).partition(",")[0].strip().partition(" ")[0]
        if self._is_lifecycle_field(name) and not self._fields[name].relational:
            return name
        return None

    @api.model
    def _get_valued_domain(self, name):
        """Those for whom a value of the profile is known; 0 is known, too."""

        def to_sql(model, alias, query):
            return SQL("%s IS NOT NULL", model._field_to_sql(alias, name, query))

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        field = self._fields.get(field_expr)
        if field is not None and field.store:
            # nearly all that is asked, and it is asked all the time
            return super()._field_to_sql(alias, field_expr, query)
        # sort, group and aggregate do not check the groups of non-stored fields
        name = field_expr.partition(".")[0]
        if self._is_lifecycle_field(name):
            self._check_field_access(self._fields[name], "read")
            if isinstance(field, ProfileMany2one):
                return SQL.identifier(field.join(self, alias, query)[1], "id")
        if name == "lifecycle_currency_id":
            # one for all, also without a profile: else totals would seem to mix
            self._check_field_access(self._fields[name], "read")
            return SQL("%s::int", self.env.company.currency_id.id)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        names = (spec.partition(":")[0] for spec in aggregates)
        if any(map(self._is_lifecycle_field, names)):
            limit = hide_limit(limit)
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    def _read_group_select(self, aggregate_spec, query):
        # several records of one customer show its value: a total counts it once
        name, _separator, function = aggregate_spec.partition(":")
        if name == "lifecycle_currency_id" and function == "array_agg_distinct":
            # asked with every total: one for all, so no row need be looked at
            currency = self._field_to_sql(self._table, name, query)
            return SQL("CASE WHEN COUNT(*) > 0 THEN ARRAY[%s] END", currency)
        if function in ("sum", "sum_currency", "avg") and self._is_lifecycle_field(
            name
        ):
            value = self._field_to_sql(self._table, name, query)
            aggregate = SQL("AVG") if function == "avg" else SQL("SUM")
            return self._aggregate_customers(aggregate, value, query)
        return super()._read_group_select(aggregate_spec, query)

    def _aggregate_customers(self, aggregate, value, query):
        """``aggregate`` (SUM or AVG) of a value of the profile, once per customer."""
        profile = self._field_to_sql(self._table, "lifecycle_profile_id", query)
        # two plain arrays: DISTINCT within the aggregate would sort all rows
        return SQL(
            """(SELECT %(aggregate)s(customer.value)
            FROM (
                SELECT MAX(pair.value) AS value
                FROM unnest(
                    ARRAY_AGG(%(profile)s) FILTER (WHERE %(value)s IS NOT NULL),
                    ARRAY_AGG(%(value)s) FILTER (WHERE %(value)s IS NOT NULL)
                ) AS pair(profile, value)
                GROUP BY pair.profile
            ) AS customer)""",
            aggregate=aggregate,
            profile=profile,
            value=value,
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # whoever has no profile comes last, in either direction
        field = self._fields.get(field_name.partition(".")[0])
        if field and self._is_lifecycle_field(field.name):
            nulls = SQL("NULLS LAST")
            if field.name == field_name and field.comodel_name in RANKED_MODELS:
                rank = self._get_rank(alias, field, query)
                return SQL("%s %s %s", rank, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _get_rank(self, alias, field, query):
        """Position of a stage or a segment among all of them, as SQL.

        A join would be a term to group by, for all rows.
        """
        value = self._field_to_sql(alias, field.name, query)
        # as superuser: nothing but the order is used, and it is one for all
        ranked = self.env[field.comodel_name].sudo().with_context(active_test=False)
        ids = list(ranked._search([], order=ranked._order))
        return SQL("ARRAY_POSITION(%s::int[], %s)", ids, value)

    def _read_group_orderby(self, order, groupby_terms, query):
        # the same for groups: those without any value come last
        if order:
            order = ",".join(map(self._put_nulls_last, order.split(",")))
        return super()._read_group_orderby(order, groupby_terms, query)

    @api.model
    def _put_nulls_last(self, term):
        name = term.strip().partition(" ")[0].partition(":")[0].partition(".")[0]
        if "nulls" in term.lower() or not self._is_lifecycle_field(name):
            return term
        return f"{term} NULLS LAST"
