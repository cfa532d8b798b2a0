"""What a manager sees in one look: figures, and the way from each to its records.

All of it comes from two places: one aggregate over the profiles for where customers
stand now, and the monthly tables (:mod:`lifecycle_dashboard_months`) for how that
came about.  Nothing is stored here.  An addon adds a part of its own by extending
:meth:`LifecycleDashboard._get_parts`, and a sum over customers by extending
:meth:`LifecycleDashboard._get_sums`.
"""

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..scoring.months import last_month_end, month_start

# Months that a period may have.
PERIODS = (1, 3, 6, 12, 24)
# Whose customers: everybody's, or those of the user.
OWNERS = ("all", "mine")


class LifecycleDashboard(models.AbstractModel):
    _name = "lifecycle.dashboard"
    _description = "Lifecycle Dashboard"

    @api.model
    def get_data(self, months=3, team_id=False, owner="all"):
        """Everything on the dashboard, of the current company.

        :param months: complete months that the period has, one of :data:`PERIODS`;
            compared with as many before
        :param team_id: only customers whose salesperson is in this team
        :param owner: one of :data:`OWNERS`
        :return: a dictionary of JSON values; money is in the currency of the company
        :raise AccessError: for who may not read the scores
        """
        self.env["lifecycle.profile"].check_access("read")
        scope = self._get_scope(months, team_id, owner)
        return {
            "as_of": self._get_as_of(),
            "currency_id": self.env.company.currency_id.id,
            "company": self.env.company.display_name,
            "onboarding": self.env["lifecycle.onboarding"]._is_wanted(),
            "filters": self._get_filters(scope),
            "owned": list(scope["owned"]) if not scope["owned"].is_true() else [],
            **self._get_parts(scope),
        }

    @api.model
    def _get_scope(self, months, team_id, owner):
        """What the dashboard is asked for, put right where the client errs.

        :return: dictionary with ``months``, ``team`` (a record), ``owner``, ``first``
            and ``last`` (days of the period), ``before`` (the month end before it) and
            ``owned`` (condition on whatever has a ``partner_id``)
        """
        company = self.env.company
        months = months if months in PERIODS else PERIODS[1]
        owner = owner if owner in OWNERS else OWNERS[0]
        team = self.env["crm.team"].search(
            [("id", "=", int(team_id or 0)), ("company_id", "in", (False, company.id))]
        )
        last = last_month_end(company._get_lifecycle_today())
        first = month_start(last) - relativedelta(months=months - 1)
        owned = Domain.TRUE
        if team:
            owned &= Domain("partner_id.user_id", "in", team.member_ids.ids)
        if owner == "mine":
            owned &= Domain("partner_id.user_id", "=", self.env.uid)
        return {
            "months": months,
            "team": team,
            "owner": owner,
            "first": first,
            "last": last,
            "before": first - relativedelta(days=1),
            "owned": owned,
        }

    @api.model
    def _get_filters(self, scope):
        teams = self.env["crm.team"].search(
            [("company_id", "in", (False, self.env.company.id))]
        )
        return {
            "months": scope["months"],
            "team_id": scope["team"].id,
            "owner": scope["owner"],
            "teams": [{"id": team.id, "name": team.display_name} for team in teams],
            "first": scope["first"].isoformat(),
            "last": scope["last"].isoformat(),
        }

    @api.model
    def _get_parts(self, scope):
        """The parts of the dashboard by name, each a JSON value.

        Who extends it finds in ``scope["cells"]`` what :meth:`_read_cells` read.
        """
        cells = scope["cells"] = self._read_cells(scope)
        return {
            "totals": self._get_totals(cells),
            "stages": self._get_stages(cells, scope),
            "segments": self._get_segments(cells),
            "rfm": self._get_rfm(cells),
            "health": self.env["lifecycle.health"].get_warning(),
            "actions": self._get_actions(),
            **self._get_months(scope),
        }

    @api.model
    def _get_as_of(self):
        """The day that the scores stand for, or False before there are any."""
        # a day, of the current company: everybody who reads scores may know it
        run = self.env["lifecycle.run"].sudo()._get_last_done(self.env.company)
        return run.as_of.isoformat() if run.as_of else False

    @api.model
    def _get_actions(self):
        """The scheduled actions and what they need; False for who is no manager."""
        healths = self.env["lifecycle.health"]
        if not healths.has_access("read"):
            return False
        [health] = healths.search([("company_id", "=", self.env.company.id)])
        return {
            "lines": health.scheduled_actions,
            "attention": health.attention or "",
        }

    # -- where customers stand now ---------------------------------------------

    @api.model
    def _get_sums(self):
        """Amounts of the profile that are added up, by name of the field.

        :return: ``{field: label}``, in the order in which they are shown
        """
        fields_get = self.env["lifecycle.profile"].fields_get(
            ["clv_historic"], ["string", "help"]
        )
        return {name: dict(info) for name, info in fields_get.items()}

    @api.model
    def _get_keys(self):
        """What customers are counted by: ``{name: field of the profile}``."""
        return {
            "stage": "stage_id",
            "segment": "segment_id",
            "recency": "rfm_recency",
            "frequency": "rfm_frequency",
        }

    @api.model
    def _read_cells(self, scope):
        """One pass over the profiles: counts and sums by stage, segment and scores.

        :return: list of dictionaries with the keys (ids for records, False where
            there is none), ``count`` and the sums
        """
        return self._count_cells(scope["owned"])

    @api.model
    def _count_cells(self, owned):
        """Count the customers of the current company.

        Odoo would join all contacts to leave out those that are archived.  They are
        few, and have an index of their own: all are counted, and these taken off.

        :param owned: condition on profiles
        :return: as :meth:`_read_cells`
        """
        domain = Domain("company_id", "=", self.env.company.id) & owned
        cells = self._group_cells(domain)
        for cell in self._group_cells(domain & self._get_archived_domain()):
            names = self._get_keys()
            whole = next(
                one for one in cells if all(one[key] == cell[key] for key in names)
            )
            for name in ("count", *self._get_sums()):
                whole[name] -= cell[name]
        return [cell for cell in cells if cell["count"]]

    @api.model
    def _get_archived_domain(self):
        """Profiles whose contact is archived, written for its index."""

        def to_sql(model, alias, query):
            return SQL(
                "%s IN (SELECT id FROM res_partner WHERE NOT active)",
                SQL.identifier(alias, "partner_id"),
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _group_cells(self, domain):
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        self.env["res.partner"].flush_model(["active"])
        keys, sums = self._get_keys(), list(self._get_sums())
        rows = profiles._read_group(
            domain,
            list(keys.values()),
            ["__count", *(f"{name}:sum" for name in sums)],
            order="__count desc",  # else the names of the stages were joined
        )
        names = [*keys, "count", *sums]
        return [
            {name: self._to_json(value) for name, value in zip(names, row, strict=True)}
            for row in rows
        ]

    @api.model
    def _to_json(self, value):
        """A group or an amount as a plain value: records by id."""
        if isinstance(value, models.BaseModel):
            return value.id
        return value or 0 if isinstance(value, (int, float)) else value

    @api.model
    def _add_up(self, cells, key):
        """Counts and sums of the cells, by the value of a key.

        :param key: function of a cell
        """
        names = ["count", *self._get_sums()]
        groups = {}
        for cell in cells:
            group = groups.setdefault(key(cell), dict.fromkeys(names, 0))
            for name in names:
                group[name] += cell[name]
        return groups

    @api.model
    def _get_totals(self, cells):
        """Sums over all customers, how many there are, and how many have bought."""
        bought = [cell for cell in cells if cell["recency"]]
        everybody = self._add_up(cells, lambda _cell: True)
        sums = everybody.get(True, {"count": 0})
        return {
            "contacts": sums["count"],
            "scored": sum(cell["count"] for cell in bought),
            "sums": [
                {"name": name, "value": sums.get(name, 0), **info}
                for name, info in self._get_sums().items()
            ],
        }

    @api.model
    def _get_stages(self, cells, scope):
        """Stages in their order: customers now, and at the end of the month before."""
        groups = self._add_up(cells, lambda cell: cell["stage"])
        before = self._read_stages_before(scope)
        stages = self.env["lifecycle.stage"].with_context(active_test=False)
        stages = stages.search([("company_id", "in", (False, self.env.company.id))])
        phases = dict(stages._fields["phase"]._description_selection(self.env))
        rows = []
        for stage in stages:
            group = groups.get(stage.id)
            if not (group or stage.active):
                continue
            then = before.get(stage.id, 0) if before is not None else None
            count = group["count"] if group else 0
            rows.append(
                {
                    "id": stage.id,
                    "name": stage.display_name,
                    "phase": phases.get(stage.phase, ""),
                    "color": stage.color,
                    "help": stage.description or "",
                    "count": count,
                    "value": group["clv_historic"] if group else 0,
                    "change": None if then is None else count - then,
                }
            )
        return rows

    @api.model
    def _get_segments(self, cells):
        groups = self._add_up(cells, lambda cell: cell["segment"])
        segments = self.env["lifecycle.segment"].with_context(active_test=False)
        segments = segments.search([("company_id", "in", (False, self.env.company.id))])
        return [
            {
                "id": segment.id,
                "name": segment.display_name,
                "color": segment.color,
                "help": segment.description or "",
                "count": groups[segment.id]["count"],
                "value": groups[segment.id]["clv_historic"],
            }
            for segment in segments
            if segment.id in groups
        ]

    @api.model
    def _get_rfm(self, cells):
        """The grid of recency and frequency; who has no scores is not in it."""
        scored = [cell for cell in cells if cell["recency"] and cell["frequency"]]
        groups = self._add_up(scored, lambda cell: (cell["recency"], cell["frequency"]))
        return [
            {
                "recency": recency,
                "frequency": frequency,
                "count": group["count"],
                "value": group["clv_historic"],
            }
            for (recency, frequency), group in sorted(groups.items())
        ]
