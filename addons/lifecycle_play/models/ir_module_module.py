from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """A language that comes later also reaches the plays of other companies."""
        result = super()._load_module_terms(modules, langs, overwrite)
        if "lifecycle_play" in modules:
            self.env["lifecycle.play"].sudo()._translate_shipped()  # shipped words
        return result
