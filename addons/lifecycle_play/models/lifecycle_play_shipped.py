"""The shipped plays, for every company.

They are records of the data files, of the first company.  Other companies get the same
as they were shipped, whatever the first one made of its own.
"""

import logging
from copy import deepcopy

from lxml import etree
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_open
from odoo.tools.translate import (
    TranslationImporter,
    get_po_paths,
    translation_file_reader,
)

_logger = logging.getLogger(__name__)

_MODELS = ("lifecycle.play", "lifecycle.play.step")


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.model
    def _get_shipped_files(self):
        """Data files that ship plays, pairs of module and path; addons add theirs."""
        return [("lifecycle_play", "data/lifecycle_play_data.xml")]

    @api.model
    def _get_shipped_refs(self):
        """What else stands in place of what the files refer to: ``{name: name}``."""
        return {}

    @api.model
    def _get_shipped_suffix(self, company):
        main = self.env.ref("base.main_company", raise_if_not_found=False)
        return "" if company == main else f"_company_{company.id}"

    @api.model
    def _add_shipped(self, company):
        """Make the shipped plays that a company does not have, paused.

        :return: the new plays, and the names of those that could not be made: what
            they need was deleted
        """
        owner = self.env.user
        if owner._is_superuser() or not owner._is_internal():
            owner = self.env.ref("base.user_admin", raise_if_not_found=False) or owner
        # what is shipped does what its data says, whoever asks for it
        plays = self.with_user(SUPERUSER_ID).with_context(tracking_disable=True)
        added, failed = plays.browse(), []
        for module, path in self._get_shipped_files():
            for name, records in plays._read_shipped(module, path).items():
                xmlid = f"{module}.{name}{self._get_shipped_suffix(company)}"
                if plays.env.ref(xmlid, raise_if_not_found=False):
                    continue
                try:
                    with self.env.cr.savepoint():
                        plays._load_shipped(module, records, company, owner)
                        added |= plays.env.ref(xmlid)
                except Exception:  # a template that somebody deleted
                    self.env.invalidate_all(flush=False)
                    _logger.exception("Shipped play %s of company %s", name, company.id)
                    failed.append(records[0].findtext("field[@name='name']"))
        plays._translate_shipped()
        return added.with_env(self.env), failed

    @api.model
    def _add_shipped_everywhere(self):
        """For companies that were there before the plays."""
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            self._add_shipped(company)

    @api.model
    def _read_shipped(self, module, path):
        """The records of each play: ``{name: [its node, those of its steps]}``."""
        with file_open(f"{module}/{path}", "rb") as file:
            nodes = etree.parse(file).getroot().iterfind("record")
            nodes = [node for node in nodes if node.get("model") in _MODELS]
        found = {}
        for node in nodes:
            if node.get("model") == "lifecycle.play":
                found[node.get("id")] = [node]
            else:
                play = node.find("field[@name='play_id']")
                found[play.get("ref")].append(node)
        return found

    @api.model
    def _load_shipped(self, module, records, company, owner):
        """Load one play as a data file is loaded, for a company."""
        suffix = self._get_shipped_suffix(company)
        own = {node.get("id") for node in records}
        refs = self._get_shipped_refs()
        root = etree.Element("odoo", noupdate="1")
        for record in records:
            node = deepcopy(record)
            node.set("id", node.get("id") + suffix)
            for field in node.iterfind("field"):
                name = field.get("ref")
                if field.get("name") in ("company_id", "user_id"):
                    del field.attrib["ref"]
                    whose = company if field.get("name") == "company_id" else owner
                    field.set("eval", str(whose.id))
                elif name in own:
                    field.set("ref", name + suffix)
                elif name:
                    field.set("ref", refs.get(f"{module}.{name}", name))
            root.append(node)
        env = self.with_company(company).env
        xml_import(env, module, {}, mode="init", noupdate=True).parse(root)

    @api.model
    def _translate_shipped(self):
        """What was shipped for other companies, in the words of the files."""
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        importer = TranslationImporter(self.env.cr, verbose=False)
        names = self.env["ir.model.data"].search_fetch(
            [("model", "in", _MODELS), ("name", "=like", r"%\_company\_%")],
            ["module", "name"],
        )
        copies = {}
        for data in names:
            original = data.name.rpartition("_company_")[0]
            copies.setdefault((data.module, original), []).append(data.name)
        for module, _path in self._get_shipped_files() if copies else ():
            for lang in langs:
                for po_path in get_po_paths(module, lang):
                    with file_open(po_path, "rb") as file:
                        rows = [
                            {**row, "imd_name": name}
                            for row in translation_file_reader(file)
                            if row.get("imd_model") in _MODELS
                            for name in copies.get((module, row["imd_name"]), ())
                        ]
                    importer._load(rows, lang)
        importer.save()

    # -- screens -----------------------------------------------------------------

    @api.model
    def action_add_shipped(self):
        """Give the current company the shipped plays that it does not have."""
        self.browse().check_access("create")
        added, failed = self._add_shipped(self.env.company)
        if added:
            text = self.env._(
                "%s plays were added, all paused. Open one to see what it does, and "
                "start it when you want it.",
                len(added),
            )
        else:
            text = self.env._(
                "%s has all plays that are shipped already.", self.env.company.name
            )
        if failed:
            text = self.env._(
                "These could not be made, as a template or an action that they need "
                "was deleted: %s",
                ", ".join(failed),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success" if added else "info",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def get_empty_list_help(self, help_message):
        """Who may not make plays is not told to."""
        # actions are read as superuser, for whoever opens them
        if self.sudo(False).has_access("create"):
            return super().get_empty_list_help(help_message)
        return super().get_empty_list_help(
            Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>')
            % (
                self.env._("No play here"),
                self.env._(
                    "Plays are made by whoever administers sales: what happens when a "
                    "customer lapses, buys for the first time, or has a birthday."
                ),
            )
        )


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    @api.model
    def _find_shipped(self, name):
        """A shipped step, as every company has it.

        :param name: of the record in the data file
        """
        names = self.env["ir.model.data"].search(
            [
                ("module", "=", "lifecycle_play"),
                ("model", "=", self._name),
                "|",
                ("name", "=", name),
                ("name", "=like", rf"{name}\_company\_%"),
            ]
        )
        return self.browse(names.mapped("res_id")).exists()
