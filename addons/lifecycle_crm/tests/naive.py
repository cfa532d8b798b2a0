"""The profiles a second time, as plainly as can be: record by record, in Python.

Slow, and obviously right: it shares nothing with the engine but the definitions.
"""

from datetime import timedelta
from math import ceil

import numpy as np
import pandas as pd
import pytz
from dateutil.relativedelta import relativedelta


class NaiveProfiles:
    """Profiles of one company on a day, from its sales orders or its invoices.

    :param rhythm: typical gap and lapse period, where they were learned before
    """

    def __init__(self, company, as_of, rhythm=None):
        self.rhythm = rhythm
        self.env = company.env
        self.company = company
        self.as_of = as_of
        self.tz = pytz.timezone(company._get_lifecycle_tz())
        self.digits = company.currency_id.decimal_places

    def compute(self):
        """``{customer: {field: value}}``"""
        if self.company.lifecycle_source == "invoice":
            transactions = self._find_invoices()
        else:
            transactions = self._find_transactions()
        contacts = self._find_first_contacts()
        own = self.env["res.company"].sudo().search([]).partner_id
        rows = {}
        for customer in set(transactions) | set(contacts):
            if customer in own.commercial_partner_id:
                continue
            rows[customer] = self._sum_up(
                transactions.get(customer, []), contacts.get(customer)
            )
        self._add_rhythm(rows)
        self._add_rfm(rows)
        for row in rows.values():
            row["segment_id"] = self._find_segment(row)
            row["stage_id"] = self._find_stage(row)
        for row in rows.values():
            del row["days"]
        return rows

    # -- documents -------------------------------------------------------------

    def _local_day(self, moment):
        return pytz.utc.localize(moment).astimezone(self.tz).date()

    def _find_transactions(self):
        """``{customer: [(day, amount, counts as an order)]}``"""
        found = {}
        orders = self.env["sale.order"].search(
            [("company_id", "=", self.company.id), ("state", "=", "sale")]
        )
        for order in orders:
            day = self._local_day(order.date_order)
            if not order.amount_untaxed or day > self.as_of:
                continue
            amount = order.currency_id._convert(
                order.amount_untaxed,
                self.company.currency_id,
                self.company,
                order.date_order.date(),
            )
            if not amount:
                continue
            returned, credits = self._find_credits(order)
            rows = found.setdefault(order.partner_id.commercial_partner_id, [])
            rows.append((day, amount, order.amount_untaxed > returned))
            rows += credits
        return found

    def _find_credits(self, order):
        """What was returned of an order in its currency, and its transactions."""
        billed, credited, lines = 0, 0, []
        for line in order.order_line.invoice_lines:
            move = line.move_id
            if move.state != "posted" or move.invoice_date > self.as_of:
                continue
            if move.move_type == "out_invoice":
                billed += line.price_subtotal
            else:
                credited += line.price_subtotal
                lines.append((move.invoice_date, -line.balance))
        # invoiced once more than ordered: that much was a correction
        corrected = max(0, billed - order.amount_untaxed)
        share = max(0, 1 - corrected / credited) if credited else 0
        return credited * share, [
            (day, round(amount * share, self.digits), False)
            for day, amount in lines
            if share
        ]

    def _find_invoices(self):
        """The same, of posted invoices, receipts and credit notes."""
        found = {}
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        for move in moves:
            if not move.is_sale_document(include_receipts=True):
                continue
            if not move.amount_untaxed or move.invoice_date > self.as_of:
                continue
            amount = move.currency_id._convert(
                move.amount_untaxed,
                self.company.currency_id,
                self.company,
                move.invoice_date,
            )
            credited = sum(
                credit.amount_untaxed
                for credit in move.reversal_move_ids
                if credit.state == "posted" and credit.invoice_date <= self.as_of
            )
            rows = found.setdefault(move.partner_id.commercial_partner_id, [])
            if move.move_type == "out_refund":
                rows.append((move.invoice_date, -amount, False))
            else:
                is_order = move.amount_untaxed > credited
                rows.append((move.invoice_date, amount, is_order))
        return found

    def _find_first_contacts(self):
        found = {}
        leads = self.env["crm.lead"].with_context(active_test=False)
        for lead in leads.search([("company_id", "=", self.company.id)]):
            if lead.partner_id:
                customer = lead.partner_id.commercial_partner_id
                found.setdefault(customer, []).append(self._local_day(lead.create_date))
        for order in self.env["sale.order"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "cancel")]
        ):
            customer = order.partner_id.commercial_partner_id
            asked = min(order.create_date, order.date_order)
            found.setdefault(customer, []).append(self._local_day(asked))
        return {
            customer: min(days)
            for customer, days in found.items()
            if min(days) <= self.as_of
        }

    # -- facts -------------------------------------------------------------------

    def _sum_up(self, transactions, first_contact):
        days = sorted({day for day, _amount, is_order in transactions if is_order})
        window = self.as_of - relativedelta(months=self.company.lifecycle_rfm_months)
        recent = [row for row in transactions if row[0] > window]
        # who bought was in contact, also if it was returned
        contacts = [day for day, amount, _o in transactions if amount > 0]
        contacts += [first_contact] if first_contact else []
        revenue = round(sum(amount for _day, amount, _o in transactions), self.digits)
        return {
            "days": days,
            "first_contact_date": min(contacts, default=False),
            "first_order_date": days[0] if days else False,
            "last_order_date": days[-1] if days else False,
            "order_count": sum(is_order for _day, _amount, is_order in transactions),
            "order_days": len(days),
            "revenue_total": revenue,
            "clv_historic": revenue,
            "rfm_order_count": sum(is_order for _day, _amount, is_order in recent),
            "rfm_revenue": round(
                sum(amount for _day, amount, _o in recent), self.digits
            ),
        }

    def _add_rhythm(self, rows):
        # learned when the month began
        month = self.as_of.replace(day=1)
        gaps = [
            (after - before).days
            for row in rows.values()
            for before, after in zip(row["days"], row["days"][1:], strict=False)
            if after < month
        ]
        if len(gaps) >= 20:
            typical = float(np.median(gaps))
            # ceil of what floats may miss by a hair
            lapse = ceil(round(np.quantile(gaps, 0.95), 6))
            lapse = min(max(lapse, 90), 1095)
        else:
            typical, lapse = 60.0, 365
        if not self.company.lifecycle_lapse_auto:
            lapse = self.company.lifecycle_lapse_days
        if self.rhythm:
            typical, lapse = self.rhythm
        for row in rows.values():
            days = row["days"]
            gap, next_order, at_risk, lapsed = self._foresee(days, typical, lapse)
            row["gap_days"] = round(gap, 1) if gap else 0
            row["next_order_date"] = next_order
            row["at_risk_date"] = at_risk
            row["lapse_date"] = lapsed
            row["won_back_date"] = False
            for position in range(1, len(days)):
                known = self._foresee(days[:position], typical, lapse)
                if days[position] >= known[-1]:
                    row["won_back_date"] = days[position]

    def _foresee(self, days, typical, lapse):
        """Personal gap, next order, at risk, lapsed: known from some order days."""
        if not days:
            return False, False, False, False
        if len(days) > 1:
            gap = (days[-1] - days[0]).days / (len(days) - 1)
            usual, patience = gap, 1.5 * gap
        else:
            gap, usual, patience = False, typical, 2 * typical
        next_order = days[-1] + timedelta(days=ceil(usual - 0.001))
        at_risk = days[-1] + timedelta(days=ceil(patience - 0.001))
        lapsed = max(at_risk, days[-1] + timedelta(days=lapse))
        return gap, next_order, at_risk, lapsed

    # -- scores --------------------------------------------------------------------

    def _add_rfm(self, rows):
        current = [row for row in rows.values() if row["rfm_order_count"]]
        recency = _quintiles([-(self.as_of - row["days"][-1]).days for row in current])
        monetary = _quintiles([row["rfm_revenue"] for row in current])
        for row in rows.values():
            score = (1, 1, 1) if row["days"] else None
            self._set_rfm(row, score)
        for row, r_score, m_score in zip(current, recency, monetary, strict=True):
            count = row["rfm_order_count"]
            f_score = 1 + sum(count >= band for band in (2, 3, 5, 10))
            self._set_rfm(row, (r_score, f_score, m_score))

    def _set_rfm(self, row, score):
        r_score, f_score, m_score = score or (0, 0, 0)
        row["rfm_recency"] = r_score
        row["rfm_frequency"] = f_score
        row["rfm_monetary"] = m_score
        row["rfm_value"] = (f_score + m_score) / 2
        row["rfm_code"] = "".join(map(str, score)) if score else False

    def _find_segment(self, row):
        for segment in self.env["lifecycle.segment"].search([], order="sequence, id"):
            if segment.for_prospects or not row["days"]:
                if segment.for_prospects and not row["days"]:
                    return segment
                continue
            if (
                segment.recency_min <= row["rfm_recency"] <= segment.recency_max
                and segment.value_min <= row["rfm_value"] <= segment.value_max
            ):
                return segment
        return self.env["lifecycle.segment"]

    def _find_stage(self, row):
        """The default stages, in words of Python."""
        name = "lead"
        if row["order_count"] == 1:
            name = "new"
        if row["order_count"] > 1:
            name = "active"
        if row["order_count"] >= 4 and row["rfm_value"] >= 4:
            name = "loyal"
        if row["at_risk_date"] and row["at_risk_date"] <= self.as_of:
            name = "at_risk"
        if row["lapse_date"] and row["lapse_date"] <= self.as_of:
            name = "lapsed"
        back = row["won_back_date"]
        if (
            back
            and (self.as_of - back).days < 90
            and (row["at_risk_date"] > self.as_of)
        ):
            name = "won_back"
        return self.env.ref(f"lifecycle_crm.stage_{name}")


def _quintiles(values):
    ranks = pd.Series(values, dtype=float).rank(method="average")
    # ranks are whole or half: doubled, they are exact
    return [ceil(int(5 * 2 * rank) / (2 * len(ranks))) for rank in ranks]
