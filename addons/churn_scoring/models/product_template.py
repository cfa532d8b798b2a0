from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    recurring_revenue = fields.Boolean(
        help="For subscriptions and contracts that are billed again and again. Sales "
        "of it are no purchases by which a customer's next order is predicted: whether "
        "a contract goes on is seen, not guessed. Its revenue is not part of the "
        "lifecycle figures; its retention is reported apart.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products.filtered("recurring_revenue")._recount_purchases()
        return products

    def write(self, vals):
        changed = self.browse()
        if "recurring_revenue" in vals:
            value = bool(vals["recurring_revenue"])
            changed = self.filtered(lambda p: p.recurring_revenue != value)
        elif "company_id" in vals:
            changed = self.filtered("recurring_revenue")
        result = super().write(vals)
        changed._recount_purchases()
        return result

    def _recount_purchases(self):
        """What was sold counts otherwise now: read the purchases again, quietly."""
        if not self:
            return
        self.env.registry.clear_cache()  # which companies sell such products
        # a product without a company is sold by all of them
        companies = self.sudo().company_id
        if self.filtered(lambda product: not product.company_id):
            # pylint: disable-next=no-search-all
            companies = self.env["res.company"].sudo().search([])
        self.env["lifecycle.run"]._request(companies, reason="rules", quiet=True)
