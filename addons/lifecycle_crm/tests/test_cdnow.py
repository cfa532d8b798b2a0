"""The CDNOW sample through the import: totals and RFM against plain pandas."""

from datetime import datetime, time, timedelta

import pandas as pd
import pytz

from odoo import Command
from odoo.tests import tagged

from .common import LifecycleCase


def load_script():
    """scripts/load_cdnow.py of the repository."""
    try:
        from scripts import load_cdnow
    except ImportError as error:
        raise AssertionError(
            "This test needs the repository on the Python path: run it by `make test`."
        ) from error
    return load_cdnow


class CdnowCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script()
        try:
            path = cls.script.find_sample()
        except FileNotFoundError as error:  # never skipped: a green run must mean it
            raise AssertionError(str(error)) from error
        cls.file = cls._read_sample(path)

    @classmethod
    def _read_sample(cls, path):
        """The sample by other means than the import: customer, date, amount."""
        file = pd.read_csv(
            path,
            sep=r"\s+",
            header=None,
            names=["customer", "number", "date", "cds", "amount"],
            dtype={"customer": str},
        )
        file["date"] = pd.to_datetime(file["date"], format="%Y%m%d")
        file["date"] += pd.Timestamp(cls.today) - file["date"].max()
        file["customer"] = "CDNOW-" + file["customer"]
        return file[["customer", "date", "amount"]]

    def _expect(self, purchases):
        """Facts and scores of each customer, by the book.

        :param purchases: DataFrame of customer, date, amount
        :return: DataFrame by customer, of the fields of a profile
        """
        bought = purchases[purchases["amount"] > 0]
        begin = pd.Timestamp(self.today) - pd.DateOffset(months=24)
        self.assertGreater(bought["date"].min(), begin, "all of it is in the window")
        customers = bought.groupby("customer").agg(
            first_order_date=("date", "min"),
            last_order_date=("date", "max"),
            order_count=("amount", "size"),
            order_days=("date", "nunique"),
            revenue_total=("amount", "sum"),
        )
        customers["revenue_total"] = customers["revenue_total"].round(2)
        for score, values in (
            ("rfm_recency", customers["last_order_date"]),
            ("rfm_monetary", customers["revenue_total"]),
        ):
            rank = values.rank(method="average", pct=True)
            customers[score] = (rank * 5).round(9).apply(_ceil)
        customers["rfm_frequency"] = pd.cut(
            customers["order_count"], [0, 1, 2, 4, 9, 10**6], labels=[1, 2, 3, 4, 5]
        ).astype(int)
        customers["rfm_order_count"] = customers["order_count"]
        customers["rfm_revenue"] = customers["revenue_total"]
        for name in ("first_order_date", "last_order_date"):
            customers[name] = customers[name].dt.date
        return customers.sort_index()

    def _get_profiles(self, columns, company=None):
        """The profiles that have a purchase, as a DataFrame by customer."""
        profiles = self.env["lifecycle.profile"].search(
            [
                ("company_id", "=", (company or self.company).id),
                ("order_count", ">", 0),
            ]
        )
        rows = [
            {
                "customer": profile.partner_id.ref,
                **{name: profile[name] for name in columns},
            }
            for profile in profiles
        ]
        frame = pd.DataFrame(rows).set_index("customer").sort_index()
        for name in ("revenue_total", "rfm_revenue"):
            frame[name] = frame[name].round(2)
        return frame

    def _assert_profiles(self, expected, company=None):
        found = self._get_profiles(expected.columns, company)
        self.assertEqual(found.index.tolist(), expected.index.tolist())
        for name in expected.columns:
            differ = found[name].ne(expected[name])
            self.assertFalse(
                differ.any(),
                f"{name}:\n{found[differ].head()}\n{expected[differ].head()}",
            )
        codes = expected[["rfm_recency", "rfm_frequency", "rfm_monetary"]].astype(str)
        self.assertEqual(
            self._get_profiles([*expected.columns, "rfm_code"], company)[
                "rfm_code"
            ].tolist(),
            codes.agg("".join, axis=1).tolist(),
        )


def _ceil(value):
    return int(-(-value // 1))


@tagged("post_install", "-at_install")
class TestCdnow(CdnowCase):
    def test_totals_and_scores_of_the_whole_sample(self):
        record = self.script.load(self.env, self.company)
        self.assertEqual(len(self.file), 6919)
        self.assertEqual(self.file["customer"].nunique(), 2357)
        bought = self.file[self.file["amount"] > 0]
        self.assertEqual(record.line_count, 6919)
        self.assertEqual(record.imported_count, 6919)
        self.assertEqual(record.free_count, 6919 - len(bought))
        self.assertEqual(record.created_count, 2357)
        self.assertEqual(record.refused_count, 0)
        total = round(self.file["amount"].sum(), 2)
        self.assertEqual(record.amount_total, total)
        self.assertEqual(total, 244091.94)
        self.assertEqual(record.first_date, self.file["date"].min().date())
        self.assertEqual(record.last_date, self.today)

        with self._no_commit():
            self.env["lifecycle.run"]._cron_recompute()
        expected = self._expect(self.file)
        self._assert_profiles(expected)
        found = self._get_profiles(["order_count", "revenue_total", "rfm_revenue"])
        self.assertEqual(len(found), bought["customer"].nunique())
        # 8 customers only ever got something for nothing: no order, so no score
        profiles = self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(profiles), 2357)
        self.assertFalse(
            any(profiles.filtered(lambda p: not p.order_count).mapped("rfm_code"))
        )
        self.assertEqual(found["order_count"].sum(), len(bought))
        self.assertEqual(round(found["revenue_total"].sum(), 2), total)


@tagged("post_install", "-at_install")
class TestCdnowDocuments(CdnowCase):
    """The same purchases as real documents give the same profiles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # far from UTC: a purchase in the evening is on the next day there
        cls.tz = "America/Los_Angeles"
        cls.company.lifecycle_tz = cls.tz
        bought = cls.file[cls.file["amount"] > 0]
        some = bought["customer"].drop_duplicates().sort_values().head(300)
        cls.some = bought[bought["customer"].isin(some)].reset_index(drop=True)
        cls.partners = {
            partner.ref: partner
            for partner in cls.env["res.partner"].create(
                [
                    {"name": name, "ref": name, "company_id": cls.company.id}
                    for name in some
                ]
            )
        }

    def _moment(self, day, minutes):
        """A moment of a day of the company, naive UTC."""
        local = datetime.combine(day.date(), time()) + timedelta(minutes=minutes)
        aware = pytz.timezone(self.tz).localize(local)
        return aware.astimezone(pytz.utc).replace(tzinfo=None)

    def _run(self):
        with self._no_commit():
            self.env["lifecycle.run"]._cron_recompute()

    def _line(self, purchase):
        return Command.create(
            {
                "product_id": self.product.id,
                "price_unit": purchase.amount,
                "tax_ids": [Command.clear()],
            }
        )

    def test_sales_orders(self):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.partners[purchase.customer].id,
                    "company_id": self.company.id,
                    "order_line": [self._line(purchase)],
                }
                for purchase in self.some.itertuples()
            ]
        )
        orders.action_confirm()
        # from the first to the last minute of the day; confirming sets it to now
        for number, (order, purchase) in enumerate(
            zip(orders, self.some.itertuples(), strict=True)
        ):
            last = purchase.date.date() == self.today
            order.date_order = self._moment(
                purchase.date, 0 if last else number * 7 % 1440
            )
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self._run()
        self._assert_profiles(self._expect(self.some))

    def test_invoices(self):
        self.company.lifecycle_source = "invoice"
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partners[purchase.customer].id,
                    "company_id": self.company.id,
                    "invoice_date": purchase.date.date(),
                    "invoice_line_ids": [self._line(purchase)],
                }
                for purchase in self.some.itertuples()
            ]
        )
        moves.action_post()
        self._run()
        self._assert_profiles(self._expect(self.some))
