import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { dashboardParts, partProps } from "./dashboard_registry";

/** Whether the scheduled actions that keep all of this right are at work. */
export class DashboardActions extends Component {
    static template = "lifecycle_crm.DashboardActions";
    static props = partProps;

    setup() {
        this.action = useService("action");
    }

    get actions() {
        return this.props.data.actions.lines.map((line) => {
            const good = line.active && !line.failures;
            return {
                ...line,
                good,
                icon: good ? "fa-check-circle text-success" : "fa-exclamation-triangle text-danger",
                status: !line.active
                    ? _t("switched off")
                    : line.failures
                      ? _t("failures in a row: %s", line.failures)
                      : _t("works"),
                when: line.last
                    ? deserializeDateTime(line.last.replace("T", " ").slice(0, 19)).toRelative()
                    : _t("not called yet"),
            };
        });
    }

    get wrong() {
        return this.actions.filter((line) => !line.good);
    }

    get summary() {
        const { length } = this.actions;
        return _t("%(good)s of %(all)s work", { good: length - this.wrong.length, all: length });
    }

    get attention() {
        return (this.props.data.actions.attention || "").split("\n").filter(Boolean);
    }

    openHealth() {
        return this.action.doAction("lifecycle_crm.action_lifecycle_health");
    }
}

dashboardParts.add(
    "actions",
    { Component: DashboardActions, isShown: ({ actions }) => Boolean(actions) },
    { sequence: 90 }
);
