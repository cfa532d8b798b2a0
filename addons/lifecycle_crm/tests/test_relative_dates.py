from datetime import datetime

from odoo.tests import tagged
from odoo.tools.date_utils import parse_date

from odoo.addons.lifecycle_crm.scoring.relative_dates import resolve_date

from .common import LifecycleCase

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "week_start",
)
EXPRESSIONS = (
    "today",
    *(f"today {sign}{n}{unit}" for sign in "+-" for n in (1, 45) for unit in "dwmy"),
    *(f"today ={number}d" for number in (1, 15, 29, 31)),
    *(f"today ={number}m" for number in (1, 2, 6, 12)),
    "today =2024y",
    "today =1d -1m",
    "today =1m =1d",
    "today -1m =31d",
    "today +1y -1d",
    *(f"today {sign}{weekday}" for sign in "+-=" for weekday in WEEKDAYS),
    "today -1w =monday",
)
REFUSED = ("tomorrow", "today 3d", "today =2w", "today +3", "today =13m", "today +xday")


@tagged("post_install", "-at_install")
class TestRelativeDates(LifecycleCase):
    """What a relative date means to the engine, it means to Odoo."""

    def test_as_odoo(self):
        lang = self.env["res.lang"]._lang_get(self.env.user.lang)
        for moment in (
            datetime(2026, 6, 15, 12),
            datetime(2024, 2, 29, 12),
            datetime(2025, 1, 31, 0, 0),
            datetime(2025, 8, 31, 23, 59),
            datetime(2026, 11, 22, 12),  # a Sunday
        ):
            for week_start in ("1", "6", "7"):
                lang.week_start = week_start
                for text in EXPRESSIONS:
                    with self.at(moment):
                        expected = parse_date(text, self.env)
                    self.assertEqual(
                        self.env["lifecycle.stage"]._resolve_date(text, moment.date()),
                        expected,
                        f"{text} on {moment:%A %Y-%m-%d}, weeks from {week_start}",
                    )

    def test_refused_as_by_odoo(self):
        for text in REFUSED:
            with self.subTest(text=text):
                with self.assertRaises(ValueError):
                    parse_date(text, self.env)
                with self.assertRaises(ValueError):
                    resolve_date(text, self.today)
