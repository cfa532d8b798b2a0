"""Who changed the rules of tiers, stands in the chatter of the tiers.

The programme itself is a model of Odoo's that has none.
"""

from odoo import models

_RULES = (
    "tier_measure",
    "tier_period",
    "tier_months",
    "tier_event",
    "tier_join",
    "tier_grace_days",
    "tier_downgrade",
    "tier_warn_days",
)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def write(self, vals):
        names = [name for name in _RULES if name in vals]
        if not names or self.env.context.get("tracking_disable"):
            return super().write(vals)
        before = {program: program._get_rule_words(names) for program in self}
        result = super().write(vals)
        for program in self:
            after = program._get_rule_words(names)
            lines = [
                self.env._(
                    "%(rule)s: %(old)s → %(new)s",
                    rule=self._fields[name]._description_string(self.env),
                    old=before[program][name],
                    new=after[name],
                )
                for name in names
                if before[program][name] != after[name]
            ]
            if lines:
                body = "\n".join(lines)
                program.tier_ids._message_log_batch(
                    bodies=dict.fromkeys(program.tier_ids.ids, body)
                )
        return result

    def _get_rule_words(self, names):
        """Values as people read them: ``{name: text}``."""
        self.ensure_one()
        return {
            name: str(self._fields[name].convert_to_export(self[name], self))
            for name in names
        }
