from odoo import models


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _find_problems(self):
        return [*super()._find_problems(), *self._find_coupon_problems()]

    def _find_coupon_problems(self):
        """Why a coupon of the step would be worth nothing, in words."""
        self.ensure_one()
        mails, _texts = self._get_templates()
        company, problems = self.play_id.company_id, []
        actions = self.action_id.sudo()  # how it sends is no secret
        for action in actions | actions.child_ids:
            if (
                action.state == "mail_post"
                and action.mail_post_method != "email"
                and action.template_id.coupon_program_id
            ):
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the server action “%(action)s” posts a "
                        "message, which gives no coupon. Let it send an email.",
                        step=self.name,
                        action=action.name,
                    )
                )
        for program in mails.sudo().coupon_program_id:  # whether it works
            names = {"step": self.name, "program": program.name}
            if not program.active:
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the coupon program “%(program)s” "
                        "is archived. Bring it back, or choose another one in the "
                        "template.",
                        **names,
                    )
                )
            elif program.company_id and program.company_id != company:
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the coupon program “%(program)s” is one of "
                        "%(company)s. Choose one of the company of the play in the "
                        "template.",
                        company=program.company_id.name,
                        **names,
                    )
                )
            elif not program.reward_ids:
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the coupon program “%(program)s” has no "
                        "reward. Add what the coupon is good for.",
                        **names,
                    )
                )
            elif not program.sale_ok:
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the coupon program “%(program)s” does not "
                        "hold for sales orders. Tick “Sales” on it.",
                        **names,
                    )
                )
            elif program.date_to and program.date_to < company._get_lifecycle_today():
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the coupon program “%(program)s” has ended. "
                        "Move its end date, or choose another one in the template.",
                        **names,
                    )
                )
        return problems
