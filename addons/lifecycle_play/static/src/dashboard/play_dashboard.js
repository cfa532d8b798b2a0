import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatCount } from "@lifecycle_crm/dashboard/dashboard_format";
import { dashboardParts, partProps } from "@lifecycle_crm/dashboard/dashboard_registry";

const CLASSES = { earned: "text-bg-success", lost: "text-bg-danger" };

/** What is done about customers, and whether it earned anything. */
export class DashboardPlays extends Component {
    static template = "lifecycle_play.DashboardPlays";
    static props = partProps;

    setup() {
        this.action = useService("action");
    }

    get plays() {
        return this.props.data.plays;
    }

    get lines() {
        return this.plays.lines.map((line) => ({
            ...line,
            entered_text: _t("%s entered.", formatCount(line.entered)),
            className: CLASSES[line.verdict] || "text-bg-secondary",
        }));
    }

    get more() {
        return _t("And %s more.", formatCount(this.plays.more));
    }

    get none() {
        return _t(
            "No play was started yet; %s are ready. A dry run shows who would enter, and each message, before anything is sent.",
            formatCount(this.plays.drafts)
        );
    }

    openPlay(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lifecycle.play",
            res_id: line.id,
            views: [[false, "form"]],
        });
    }

    openPlays() {
        return this.action.doAction("lifecycle_play.action_lifecycle_play");
    }

    openResults() {
        return this.action.doAction("lifecycle_play.action_lifecycle_play_result");
    }
}

dashboardParts.add(
    "plays",
    { Component: DashboardPlays, isShown: ({ plays }) => Boolean(plays) },
    { sequence: 35 }
);
