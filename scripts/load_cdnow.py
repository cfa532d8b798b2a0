"""The CDNOW sample as purchase history: 2,357 customers, 6,919 purchases, 1997-98.

Run by ``make run DATA=cdnow`` in an Odoo shell, with the folder of the file in the
environment variable CDNOW; tests import the functions.
"""

import csv
import io
import os
import sys
from pathlib import Path

SAMPLE = "CDNOW_sample.txt"
FULL = "CDNOW_master.txt"


def find_sample(folder=None, name=SAMPLE):
    """Path of the file: in the folder, in that of CDNOW, or in .local/data."""
    places = [folder, os.environ.get("CDNOW"), Path.cwd() / ".local" / "data"]
    if "__file__" in globals():  # not in a shell that reads this from its input
        places.append(Path(__file__).resolve().parents[1] / ".local" / "data")
    for place in filter(None, places):
        path = Path(place) / name
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"{name} is missing. `make test` and `make run DATA=cdnow` fetch it; or put "
        "it into a folder and name that in the environment variable CDNOW."
    )


def to_csv(path):
    """The purchases as a file for the import: customer, date, amount.

    Columns of the sample: number of the customer in the full data set, number in the
    sample, day, CDs bought, dollars. The full data set has no second number, and a
    line of titles. Equal lines are purchases of their own: nothing says that they are
    not.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["customer", "date", "amount"])
    with open(path, encoding="ascii") as lines:
        for line in lines:
            columns = line.split()
            if columns and columns[0].isdecimal():
                day, _cds, dollars = columns[-3:]
                writer.writerow([f"CDNOW-{columns[0]}", day, dollars])
    return buffer.getvalue().encode()


def load(env, company, folder=None, name=SAMPLE):
    """Import the purchases, moved so that their last day is today.

    :param name: of the file: ``SAMPLE`` or ``FULL``
    :return: lifecycle.import
    """
    from odoo.addons.lifecycle_crm.importing import ImportOptions

    engine = env["lifecycle.import.engine"]
    options = ImportOptions(
        matching=("reference",), date_format="%Y%m%d", shift_dates=True
    )
    data = to_csv(find_sample(folder, name))
    plan = engine._analyse(company, data, name.replace(".txt", ".csv"), options)
    return engine._execute(plan)


def main(env):
    company = env["res.company"].search([], order="id", limit=1)
    record = load(env, company)
    env.cr.commit()
    print(
        f"CDNOW: {record.imported_count} purchases of "
        f"{record.created_count + record.matched_count} customers, "
        f"{record.first_date} to {record.last_date}, {record.totals}"
    )
    env["lifecycle.run"]._process_pending()
    env.cr.commit()
    sys.stdout.flush()


if "env" in globals():
    main(env)
