from odoo import api, fields, models

from ..importing import DATE_FORMATS, ENCODINGS


class LifecycleImportWizard(models.TransientModel):
    _name = "lifecycle.import.wizard"
    _description = "Import Purchase History"

    state = fields.Selection(
        [("file", "File"), ("options", "Columns"), ("checked", "Check")],
        default="file",
        required=True,
    )
    file = fields.Binary(
        help="CSV or Excel (.xlsx). The first line names the columns; every further "
        "line is one purchase with its customer, date and untaxed amount.",
    )
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="The company the customers bought from.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        string="Default Currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        help="Currency of the lines that name none.",
    )
    column_ids = fields.One2many(
        "lifecycle.import.wizard.column", "wizard_id", string="Columns"
    )

    matching = fields.Selection(
        [
            ("reference,email,name", "Reference, else e-mail, else name"),
            ("reference", "Reference"),
            ("email", "E-mail"),
            ("name", "Name"),
        ],
        string="Find Customers by",
        default="reference,email,name",
        required=True,
        help="What the customer column holds. Contacts of other companies are not "
        "looked at. A line that fits several customers is refused.",
    )
    create_missing = fields.Boolean(
        string="Create missing customers",
        help="Creates a contact for every customer that is not found. Undoing the "
        "import removes those that nothing else uses. No message is sent.",
    )
    create_as = fields.Selection(
        [("person", "Persons"), ("company", "Companies")],
        string="Create Them as",
        default="person",
        required=True,
    )
    bad_lines = fields.Selection(
        [
            ("refuse", "Import nothing if any line is refused"),
            ("skip", "Import the good lines and leave out the refused ones"),
        ],
        string="If Lines are Refused",
        default="refuse",
        required=True,
    )
    returns = fields.Boolean(
        string="Negative amounts are returns",
        help="Off: a line with a negative amount is refused. On: it lowers the "
        "revenue of the customer, and is no order.",
    )
    sum_reference = fields.Boolean(
        string="One order per reference",
        help="For a file with one line per product: lines with the same reference, "
        "customer and day are added up to one order. Off: every line is an order.",
    )
    future = fields.Boolean(
        string="Allow days in the future",
        help="Off: a line of a day that is still to come is refused. On: it counts "
        "from that day on.",
    )
    oldest_rate = fields.Boolean(
        string="Use the first exchange rate for earlier days",
        help="Off: a line in a foreign currency is refused if its day is before the "
        "first exchange rate of that currency.",
    )
    shift_dates = fields.Boolean(
        string="Move all dates so that the last is today",
        help="For old sample data: with their true dates, all customers would have "
        "lapsed long ago.",
    )
    force = fields.Boolean(
        string="Import again",
        help="Imports a file though it was imported before, and does not look for "
        "purchases that an earlier file brought.",
    )
    date_format = fields.Selection(
        "_selection_date_format", help="Empty: found by the dates in the file."
    )
    decimal = fields.Selection(
        [(".", "1,234.50"), (",", "1.234,50")],
        string="Number Format",
        help="Empty: found by the amounts in the file.",
    )
    delimiter = fields.Selection(
        [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar")],
        help="Of a CSV. Empty: found by its first lines.",
    )
    encoding = fields.Selection(
        "_selection_encoding",
        help="Of a CSV. Choose another one if names look garbled. Empty: found by "
        "its content.",
    )

    problem = fields.Text(readonly=True)
    can_import = fields.Boolean(readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    good_count = fields.Integer(string="Purchases", readonly=True)
    free_count = fields.Integer(
        string="Lines without Value",
        readonly=True,
        help="Lines whose amount is zero: they are imported, but are no orders.",
    )
    refused_count = fields.Integer(string="Refused Lines", readonly=True)
    matched_count = fields.Integer(string="Customers Found", readonly=True)
    created_count = fields.Integer(string="Customers to Create", readonly=True)
    missing_count = fields.Integer(string="Customers Not Found", readonly=True)
    first_date = fields.Date(string="First Purchase", readonly=True)
    last_date = fields.Date(string="Last Purchase", readonly=True)
    shift_days = fields.Integer(string="Dates Moved by (days)", readonly=True)
    totals = fields.Char(
        string="Total",
        readonly=True,
        help="Untaxed total by currency. Compare it with the system the file is from.",
    )
    read_as = fields.Text(string="Read as", readonly=True)
    refused_html = fields.Html(string="Refused Lines and Why", readonly=True)
    report = fields.Binary(string="All refused lines", readonly=True)
    report_name = fields.Char(readonly=True)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.company_id.currency_id

    @api.model
    def _selection_date_format(self):
        engine = self.env["lifecycle.import.engine"]
        _ = self.env._
        order = {"d": _("day first"), "m": _("month first"), "Y": _("year first")}
        return [
            (name, f"{engine._get_date_example(name)} ({order[name[1]]})")
            for name in DATE_FORMATS
        ]

    @api.model
    def _selection_encoding(self):
        _ = self.env._
        labels = {
            "utf-8": "UTF-8",
            "utf-16": "UTF-16",
            "cp1252": _("Windows, Western (1252)"),
            "cp1256": _("Windows, Arabic and Persian (1256)"),
            "gb18030": _("Chinese, simplified (GB 18030)"),
            "big5": _("Chinese, traditional (Big5)"),
            "shift_jis": _("Japanese (Shift JIS)"),
        }
        return [(name, labels[name]) for name in ENCODINGS]
