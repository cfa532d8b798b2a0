"""Monthly figures a second time, customer by customer, from the plain profiles."""

from datetime import timedelta

from .naive import NaiveProfiles

CENT = 2


class NaiveMonth:
    """Figures and movements of one month of a company, in words of Python.

    :param month: the last day of the month
    """

    def __init__(self, company, month):
        self.first_day = month.replace(day=1)
        self.month = month
        before = self.first_day - timedelta(days=1)
        self.before = self._stand(NaiveProfiles(company, before).compute(), before)
        self.after = self._stand(NaiveProfiles(company, month).compute(), month)

    def _stand(self, profiles, day):
        for row in profiles.values():
            row["bought"] = row["order_count"] > 0
            lapse = row["lapse_date"]
            row["lapsed"] = bool(lapse) and lapse <= day
            row["active"] = row["bought"] and not row["lapsed"]
        return profiles

    def compute(self):
        before, after = self.before, self.after
        was = {c for c, row in before.items() if row["active"]}
        still = {c for c, row in after.items() if row["active"]}
        had_bought = {c for c, row in before.items() if row["bought"]}
        customers = {c for c, row in after.items() if row["bought"]}
        buyers = {c for c in customers if after[c]["last_order_date"] >= self.first_day}
        new = {
            c
            for c in customers - had_bought
            if after[c]["first_order_date"] >= self.first_day
        }
        lapsed = {c for c in was if c in after and after[c]["lapsed"]}
        won_back = {c for c in buyers & still if c in before and before[c]["lapsed"]}
        repeat = {c for c in customers if after[c]["order_count"] > 1}
        revenue = {
            c: self._value(after, c, "revenue_total")
            - self._value(before, c, "revenue_total")
            for c in set(before) | set(after)
        }
        orders = sum(
            self._value(after, c, "order_count") - self._value(before, c, "order_count")
            for c in revenue
        )
        total = sum(revenue.values())
        of_new = sum(revenue[c] for c in new)
        return {
            "customer_count": len(customers),
            "repeat_customer_count": len(repeat),
            "prospect_count": len(after) - len(customers),
            "active_start_count": len(was),
            "active_count": len(still),
            "buyer_count": len(buyers),
            "new_count": len(new),
            "retained_count": len(was & still),
            "lapsed_count": len(lapsed),
            "won_back_count": len(won_back),
            "other_count": len(still)
            - (len(was) + len(new) + len(won_back) - len(lapsed)),
            "order_count": orders,
            "retention_rate": len(was & still) / len(was) if was else None,
            "churn_rate": len(lapsed) / len(was) if was else None,
            "repeat_purchase_rate": len(repeat) / len(customers) if customers else None,
            "revenue": round(total, CENT),
            "revenue_new": round(of_new, CENT),
            "revenue_returning": round(total - of_new, CENT),
            "average_order_value": total / orders if orders > 0 else None,
        }

    def move(self, kind):
        """``{(from, to, moved): (customers, revenue)}`` of stages or segments."""
        found = {}
        for customer in set(self.before) | set(self.after):
            source = self.before.get(customer)
            target = self.after.get(customer)
            name = f"{kind}_id"
            pair = (
                source[name].id if source else None,
                target[name].id if target else None,
            )
            moved = pair[0] != pair[1] or not source or not target
            count, revenue = found.get((*pair, moved), (0, 0))
            found[(*pair, moved)] = (
                count + 1,
                round(revenue + (target or source)["revenue_total"], CENT),
            )
        return found

    def _value(self, rows, customer, name):
        return rows[customer][name] if customer in rows else 0
