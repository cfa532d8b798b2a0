from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every


class LifecycleImport(models.Model):
    _name = "lifecycle.import"
    _description = "Import of Purchases"
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Imported by", readonly=True, ondelete="set null"
    )
    date = fields.Datetime(string="Imported on", readonly=True)
    state = fields.Selection(
        [("done", "Imported"), ("undone", "Undone")],
        default="done",
        required=True,
        readonly=True,
    )
    undo_user_id = fields.Many2one(
        "res.users", string="Undone by", readonly=True, ondelete="set null"
    )
    undo_date = fields.Datetime(string="Undone on", readonly=True)

    line_count = fields.Integer(
        string="Lines", readonly=True, help="Lines of the file below the header."
    )
    imported_count = fields.Integer(string="Purchases", readonly=True)
    refused_count = fields.Integer(
        string="Refused Lines",
        readonly=True,
        help="Lines that were left out. The report says which ones and why.",
    )
    free_count = fields.Integer(
        string="Lines without Value",
        readonly=True,
        help="Lines whose amount is zero: they are imported, but are no orders.",
    )
    matched_count = fields.Integer(string="Customers Found", readonly=True)
    created_count = fields.Integer(string="Customers Created", readonly=True)
    kept_count = fields.Integer(
        string="Customers Kept",
        readonly=True,
        help="Customers that this import created and that stayed when it was "
        "undone, because they have been edited or used since.",
    )
    first_date = fields.Date(string="First Purchase", readonly=True)
    last_date = fields.Date(string="Last Purchase", readonly=True)
    shift_days = fields.Integer(
        string="Dates Moved by (days)", readonly=True, aggregator=None
    )
    amount_total = fields.Monetary(
        string="Total",
        readonly=True,
        help="Untaxed total of all purchases less returns, in the currency of the "
        "company.",
    )
    totals = fields.Char(
        string="Totals in the File",
        readonly=True,
        help="The same by the currencies of the file, to compare with its source.",
    )
    options = fields.Text(string="How it was Imported", readonly=True)
    report = fields.Binary(string="Refused Lines (CSV)", readonly=True, attachment=True)
    report_name = fields.Char(readonly=True)
    digest = fields.Char(readonly=True, help="Fingerprint of the content of the file.")
    forced = fields.Boolean(
        string="Imported Again",
        readonly=True,
        help="The same file had been imported before, and it was asked for again.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "lifecycle_import_partner_rel",
        "import_id",
        "partner_id",
        string="Created Customers",
        readonly=True,
        context={"active_test": False},
    )

    # two imports of one file at the same time: the second fails
    _digest_uniq = models.UniqueIndex(
        "(company_id, digest) WHERE state = 'done' AND forced IS NOT TRUE",
        "This file has been imported already.",
    )

    # -- actions -----------------------------------------------------------

    def action_view_history(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_history"
        )
        return {**action, "domain": [("import_id", "=", self.id)], "context": {}}

    def action_view_customers(self):
        """The customers that this import created and that still exist."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("lifecycle_import_ids", "in", self.ids)],
            "name": self.env._("Created Customers"),
            "context": {"active_test": False},
        }

    def action_undo(self):
        """Remove the purchases of this import and the customers it created.

        Customers that anything else refers to, or that were edited since, stay.
        """
        self.ensure_one()
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise AccessError(
                self.env._("Only a lifecycle manager can undo an import.")
            )
        self.check_access("read")
        # imports are written by importing and undoing only, hence no right to write
        self = self.sudo()
        self.lock_for_update()
        if self.state != "done":
            raise UserError(
                self.env._("The import of %s is undone already.", self.name)
            )
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """DELETE FROM lifecycle_history WHERE import_id = %s RETURNING 1""",
                self.id,
            )
        )
        kept = self._remove_created_customers()
        self.env.invalidate_all()
        self.write(
            {
                "state": "undone",
                "undo_user_id": self.env.uid,
                "undo_date": fields.Datetime.now(),
                "kept_count": kept,
            }
        )
        self.env["lifecycle.run"]._request(self.company_id, reason="import", quiet=True)
        return True

    # -- undoing -----------------------------------------------------------

    def _get_scored_tables(self):
        """Tables about customers that are no reason to keep one.

        The engine fills them for every customer, and they go when it goes.
        """
        return {
            "lifecycle_import_partner_rel",
            "lifecycle_profile",
            "lifecycle_transition",
        }

    def _remove_created_customers(self):
        """Delete the customers of this import that nothing else uses.

        :return: number of customers that stay
        """
        unused = self._get_unused_customers()
        # Deleting needs the rights of the one who may undo: checked by the caller.
        Partner = (
            self.env["res.partner"]
            .sudo()
            .with_context(
                active_test=False, tracking_disable=True, lifecycle_no_recompute=True
            )
        )
        for ids in split_every(1000, unused):
            Partner.browse(ids).unlink()
        [[kept]] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM lifecycle_import_partner_rel
                WHERE import_id = %s""",
                self.id,
            )
        )
        return kept

    def _get_unused_customers(self):
        """Ids of the created customers that no row of any table refers to."""
        created = SQL(
            "SELECT partner_id FROM lifecycle_import_partner_rel WHERE import_id = %s",
            self.id,
        )
        ignored = self._get_scored_tables()
        # an import leaves both moments the same; any later edit moves one
        uses = [
            SQL(
                """SELECT id FROM res_partner
                WHERE write_date IS DISTINCT FROM create_date"""
            )
        ]
        Merge = self.env["base.partner.merge.automatic.wizard"]
        for table, column in Merge._get_fk_on("res_partner"):
            if table in ignored:
                continue
            column = SQL.identifier(column)
            of_others = (
                SQL("id <> %s", column) if table == "res_partner" else SQL("TRUE")
            )
            uses.append(
                SQL(
                    "SELECT %s FROM %s WHERE %s",
                    column,
                    SQL.identifier(table),
                    of_others,
                )
            )
        for table, model in (
            ("mail_message", "model"),
            ("mail_activity", "res_model"),
            ("ir_attachment", "res_model"),
        ):
            uses.append(
                SQL(
                    "SELECT res_id FROM %s WHERE %s = 'res.partner'",
                    SQL.identifier(table),
                    SQL.identifier(model),
                )
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT c.partner_id FROM (%s) c
                WHERE NOT EXISTS (
                    SELECT FROM (%s) used(id) WHERE used.id = c.partner_id)
                ORDER BY 1""",
                created,
                SQL(" UNION ALL ").join(uses),
            )
        )
        return [partner_id for (partner_id,) in rows]


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_import_ids = fields.Many2many(
        "lifecycle.import",
        "lifecycle_import_partner_rel",
        "partner_id",
        "import_id",
        string="Created by Import",
        readonly=True,
        copy=False,
        groups="lifecycle_crm.group_lifecycle_manager",
    )
