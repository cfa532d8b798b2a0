"""Make the spreadsheet dashboard of lifecycle_spreadsheet_dashboard.

    spreadsheet_dashboard.py          write the file
    spreadsheet_dashboard.py check    status 1 if the file is not what this makes

Odoo Community shows spreadsheets and has no editor for them, so the file is made here.
"""

import json
import sys
from pathlib import Path

FILE = (
    Path(__file__).resolve().parent.parent
    / "addons/lifecycle_spreadsheet_dashboard/data/files/lifecycle_dashboard.json"
)
PERIOD = "lifecycle-period"
KPI, PROFILE = "lifecycle.kpi", "lifecycle.profile"
BACKGROUND, GREEN, RED = "#F5F0F4", "#00A04A", "#DC6965"
LIST_LINES = 10
# Figures at the top: measure of the monthly figures, title, number format, whether less
# of it is better.
FIGURES = (
    ("active_count", "Active", None, False),
    ("new_count", "New", None, False),
    ("lapsed_count", "Lapsed", None, True),
    ("won_back_count", "Won back", None, False),
    ("retention_rate", "Retention", "0.0%", False),
    ("revenue", "Revenue", None, False),
)
TITLE, HEADER = 1, 2


def make():
    """The spreadsheet as a dictionary."""
    return {
        "version": "18.5.10",
        "sheets": [_make_dashboard(), _make_data()],
        "styles": {
            str(TITLE): {"fontSize": 16, "bold": True, "textColor": "#714B67"},
            str(HEADER): {"bold": True, "fillColor": BACKGROUND},
        },
        "formats": {"1": "0.0%"},
        "borders": {},
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": {
            "1": _make_pivot("1", KPI, [name for name, *_rest in FIGURES], 0),
            "2": _make_pivot("2", KPI, [name for name, *_rest in FIGURES], -1),
            "3": _make_profiles("3", "Customers by stage", "stage_id"),
            "4": _make_profiles("4", "Customers by segment", "segment_id"),
        },
        "pivotNextId": 5,
        "customTableStyles": {},
        "globalFilters": [
            {
                "id": PERIOD,
                "type": "date",
                "label": "Period",
                "defaultValue": "last_12_months",
            }
        ],
        "lists": {
            "1": {
                "id": "1",
                "name": "At risk, worth most first",
                "model": PROFILE,
                "columns": [
                    "partner_id",
                    "user_id",
                    "clv_historic",
                    "next_order_date",
                    "lapse_date",
                ],
                "domain": [["days_at_risk", ">=", 0], ["days_lapsed", "<", 0]],
                "context": {},
                "orderBy": [{"name": "clv_historic", "asc": False}],
                "fieldMatching": {},
            }
        },
        "listNextId": 2,
        "chartOdooMenusReferences": {
            name: "lifecycle_crm.menu_lifecycle_kpi"
            for name in ("chart-active", "chart-revenue")
        },
    }


def _match(chain, offset=0):
    return {PERIOD: {"chain": chain, "type": "date", "offset": offset}}


def _make_pivot(number, model, measures, offset):
    return {
        "type": "ODOO",
        "id": number,
        "formulaId": number,
        "name": "Figures of the period" if not offset else "Figures before",
        "model": model,
        "domain": [],
        "context": {},
        "measures": [
            {
                "id": name,
                "fieldName": name,
                "aggregator": "avg" if name.endswith("_rate") else "sum",
            }
            for name in measures
        ],
        "columns": [],
        "rows": [],
        "sortedColumn": None,
        "fieldMatching": _match("month", offset),
    }


def _make_profiles(number, name, row):
    return {
        "type": "ODOO",
        "id": number,
        "formulaId": number,
        "name": name,
        "model": PROFILE,
        "domain": [["order_count", ">", 0]],
        "context": {},
        "measures": [
            {"id": "__count", "fieldName": "__count"},
            {"id": "clv_historic", "fieldName": "clv_historic", "aggregator": "sum"},
        ],
        "columns": [],
        "rows": [{"fieldName": row}],
        "sortedColumn": None,
        # where customers stand now: no period
        "fieldMatching": {},
    }


def _make_dashboard():
    cells = {
        "A8": '=_t("Active customers, month by month")',
        "E8": '=_t("Revenue, month by month")',
        "A26": '=_t("Customers by stage")',
        "A27": "=PIVOT(3)",
        "E26": '=_t("Customers by segment")',
        "E27": "=PIVOT(4)",
        "A43": '=_t("At risk, worth most first")',
    }
    columns = ("partner_id", "user_id", "clv_historic", "next_order_date", "lapse_date")
    letters = "ABCEF"
    for letter, name in zip(letters, columns, strict=True):
        cells[f"{letter}44"] = f'=ODOO.LIST.HEADER(1,"{name}")'
        for line in range(1, LIST_LINES + 1):
            cells[f"{letter}{44 + line}"] = f'=ODOO.LIST(1,{line},"{name}")'
    return {
        **_make_sheet("dashboard", "Dashboard", 8, 60),
        "cols": {
            "0": {"size": 220},
            "1": {"size": 130},
            "2": {"size": 130},
            "3": {"size": 40},
            "4": {"size": 220},
            "5": {"size": 130},
            "6": {"size": 130},
        },
        "cells": cells,
        "styles": {
            **{name: TITLE for name in ("A8", "E8", "A26", "E26", "A43")},
            "A44:F44": HEADER,
            "A27:C28": HEADER,
            "E27:G28": HEADER,
        },
        "figures": [
            *(_make_scorecard(index) for index in range(len(FIGURES))),
            _make_chart("chart-active", "line", "active_count", 0, 8),
            _make_chart("chart-revenue", "bar", "revenue", 4, 8),
        ],
        "areGridLinesVisible": False,
    }


def _make_scorecard(index):
    name, title, _format, less_is_better = FIGURES[index]
    down, up = (GREEN, RED) if less_is_better else (RED, GREEN)
    row = index + 2
    return {
        "id": f"figure-{name}",
        "width": 160,
        "height": 101,
        "tag": "chart",
        "data": {
            "type": "scorecard",
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": BACKGROUND,
            "keyValue": f"Data!D{row}",
            "baseline": f"Data!E{row}",
            "baselineMode": "percentage",
            "baselineDescr": {"text": "before"},
            "baselineColorDown": down,
            "baselineColorUp": up,
            "humanize": False,
            "chartId": f"figure-{name}",
        },
        "offset": {"x": 170 * index, "y": 11},
        "col": 0,
        "row": 0,
    }


def _make_chart(name, kind, measure, column, row):
    return {
        "id": name,
        "width": 470,
        "height": 340,
        "tag": "chart",
        "data": {
            "type": f"odoo_{kind}",
            "title": {"text": ""},
            "background": "#FFFFFF",
            "legendPosition": "none",
            "metaData": {
                "groupBy": ["month:month"],
                "measure": measure,
                "order": None,
                "resModel": KPI,
                "mode": kind,
            },
            "searchParams": {
                "comparison": None,
                "context": {},
                "domain": [],
                "groupBy": ["month:month"],
                "orderBy": [],
            },
            "dataSets": [{}],
            "verticalAxisPosition": "left",
            "stacked": False,
            "fillArea": kind == "line",
            "cumulatedStart": False,
            "chartId": name,
            "fieldMatching": _match("month"),
        },
        "offset": {"x": 0, "y": 10},
        "col": column,
        "row": row,
    }


def _make_data():
    cells = {"A1": '=_t("Figure")', "B1": '=_t("Period")', "C1": '=_t("Before")'}
    for row, (name, title, number_format, _less) in enumerate(FIGURES, 2):
        cells[f"A{row}"] = f'=_t("{title}")'
        cells[f"B{row}"] = f'=PIVOT.VALUE(1,"{name}")'
        cells[f"C{row}"] = f'=PIVOT.VALUE(2,"{name}")'
        for source, target in (("B", "D"), ("C", "E")):
            cells[f"{target}{row}"] = (
                f"={source}{row}"
                if number_format
                else f"=FORMAT.LARGE.NUMBER({source}{row})"
            )
    sheet = _make_sheet("data", "Data", 6, 20)
    formats = {
        f"B{row}:E{row}": 1 for row, figure in enumerate(FIGURES, 2) if figure[2]
    }
    return {**sheet, "cells": cells, "styles": {"A1:E1": HEADER}, "formats": formats}


def _make_sheet(sheet_id, name, columns, rows):
    return {
        "id": sheet_id,
        "name": name,
        "colNumber": columns,
        "rowNumber": rows,
        "rows": {},
        "cols": {},
        "merges": [],
        "cells": {},
        "styles": {},
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [],
        "tables": [],
        "areGridLinesVisible": True,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }


def to_text():
    """The file: one thing a line, so that a change of it can be read."""
    return json.dumps(make(), indent=1) + "\n"


def main(arguments):
    if arguments == ["check"]:
        same = FILE.exists() and FILE.read_text() == to_text()
        if not same:
            print(f"{FILE.name} is not what scripts/spreadsheet_dashboard.py makes.")
        return 0 if same else 1
    FILE.write_text(to_text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
