"""What is wrong with a step, found out before its play starts."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .lifecycle_play_step import STEP_MODELS
from .lifecycle_play_timing import DAYS

_logger = logging.getLogger(__name__)

# Of a template, what is rendered for each customer.
_MAIL_FIELDS = (
    "subject",
    "body_html",
    "email_from",
    "email_to",
    "email_cc",
    "partner_to",
    "reply_to",
    "lang",
    "scheduled_date",
)


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _check_running(self):
        """A change of a running play must not break it.

        :raises UserError: in words
        """
        for step in self:
            runs = step.active and step.play_id.state == "running"
            if runs and (problems := step._find_problems()):
                raise UserError("\n".join(problems))

    def _find_problems(self):
        """What keeps the step from being done, in words."""
        self.ensure_one()
        problems = []
        if action_problem := self._find_action_problem():
            problems.append(action_problem)
        else:
            problems.extend(self._find_template_problems())
        label = self.env._("Step “%s”, Only if", self.name)
        company = self.play_id.company_id
        if problem := self._find_filter_problem(self.condition, company, label):
            problems.append(problem)
        if not any(self[day] for day in DAYS):
            problems.append(
                self.env._("Step “%s”: no day of the week is allowed.", self.name)
            )
        elif not self._get_opening(fields.Datetime.now()):
            problems.append(
                self.env._(
                    "Step “%(step)s”: it waits for working hours on its days of the "
                    "week, and %(company)s has none. Set them in the working hours of "
                    "the company, or choose other days.",
                    step=self.name,
                    company=company.name,
                )
            )
        return problems

    def _find_action_problem(self):
        """Why there is nothing to run, in words, or None."""
        self.ensure_one()
        action = self.action_id.sudo()  # what it does is no secret here
        if not action and self.kind == "action":
            return self.env._(
                "Step “%s”: it has no server action, or its server action was deleted. "
                "Choose another one, or remove the step.",
                self.name,
            )
        if not action:
            return self.env._(
                "Step “%s”: it does not say what to send or plan. Choose a template "
                "or a type of activity.",
                self.name,
            )
        if action.model_id.model not in STEP_MODELS:
            return self.env._(
                "Step “%(step)s”: the server action “%(action)s” is one for "
                "“%(model)s”. Choose one for contacts or customer profiles.",
                step=self.name,
                action=action.name,
                model=action.model_id.name,
            )
        for part in [action, *action.child_ids]:
            if part.warning:
                return self.env._(
                    "Step “%(step)s”: the server action “%(action)s” cannot run: "
                    "%(warning)s",
                    step=self.name,
                    action=part.name,
                    warning=part.warning,
                )
            if (part.state == "mail_post" and not part.template_id) or (
                part.state == "sms" and not part.sms_template_id
            ):
                return self.env._(
                    "Step “%(step)s”: the server action “%(action)s” has no template, "
                    "or its template was deleted. Choose one.",
                    step=self.name,
                    action=part.name,
                )
        return None

    # -- templates -----------------------------------------------------------------

    def _get_templates(self):
        """Templates of the step: of mails, and of text messages."""
        actions = self.action_id.sudo()
        actions |= actions.child_ids
        return (
            actions.filtered(lambda a: a.state == "mail_post").template_id,
            actions.filtered(lambda a: a.state == "sms").sms_template_id,
        )

    def _find_template_problems(self):
        """Whether the templates of the step can be rendered, in each language."""
        self.ensure_one()
        mails, texts = self._get_templates()
        problems = []
        for template in mails:
            problems.extend(self._try_template(template, _MAIL_FIELDS))
            body = template.body_html or ""
            if is_html_empty(body) and "t-out" not in body and "t-call" not in body:
                problems.append(
                    self.env._(
                        "Step “%(step)s”: the template “%(template)s” has an empty "
                        "body. Write what customers are to read.",
                        step=self.name,
                        template=template.name,
                    )
                )
        for template in texts:
            problems.extend(self._try_template(template, ("body",)))
        return problems

    def _try_template(self, template, names):
        """Render a template for some customers: what goes wrong, in words."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        with self._sample_ids(template.model) as res_ids:
            for name in names:
                if not template[name]:
                    continue
                for code in languages if template._fields[name].translate else [False]:
                    problem = self._try_field(template, name, res_ids, code)
                    if problem:
                        return [problem]
        return []

    @api.model
    def _try_field(self, template, name, res_ids, code):
        rendered = template.with_context(lang=code) if code else template
        try:
            with self.env.cr.savepoint():
                rendered._render_field(name, res_ids)
        except Exception as error:  # whatever somebody wrote into the template
            _logger.debug("Template %s", template.id, exc_info=True)
            self.env.invalidate_all(flush=False)
            return self._get_template_problem(rendered, name, error, code)
        return None

    def _get_template_problem(self, template, name, error, code):
        cause = error
        while cause.__cause__ or cause.__context__:
            cause = cause.__cause__ or cause.__context__
        return self.env._(
            "Step “%(step)s”: the template “%(template)s” cannot be filled in, in its "
            "field “%(field)s”%(language)s: %(error)s. Mend the template, or choose "
            "another one.",
            step=self.name,
            template=template.name,
            field=template._fields[name]._description_string(self.env),
            language=f" ({code})" if code else "",
            error=str(cause).strip().rstrip(".").splitlines()[0]
            if str(cause).strip()
            else type(cause).__name__,
        )
