import { Component, onWillStart, onWillUnmount, status, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatCount } from "./dashboard_format";

const INTERVAL = 4000;
const MANY = 10000;

/**
 * The first hour: what counts as a purchase, what a lapse means here, and how far the
 * first computation is.  Goes away by itself when all of it is done.
 */
export class LifecycleOnboarding extends Component {
    static template = "lifecycle_crm.Onboarding";
    static props = { reload: Function };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.state = useState({ data: false, source: "", lapse_auto: true, lapse_days: 0 });
        onWillStart(async () => {
            const data = await this.call("get_data");
            this.setData(data);
            if (data) {
                const { source, lapse_auto, lapse_days } = data;
                Object.assign(this.state, { source, lapse_auto, lapse_days });
            }
        });
        const timer = browser.setInterval(() => this.follow(), INTERVAL);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    call(method, args = []) {
        return this.orm.call("lifecycle.onboarding", method, args);
    }

    setData(data) {
        if (status(this) !== "destroyed") {
            this.state.data = data;
        }
    }

    get data() {
        return this.state.data;
    }

    /** As long as something is at work, look how far it is. */
    async follow() {
        if (!this.data || !this.data.busy || document.hidden || this.following) {
            return;
        }
        this.following = true;
        try {
            const before = this.data;
            const data = await this.orm.silent.call("lifecycle.onboarding", "get_data", []);
            this.setData(data);
            // scores are there, or all months are: the dashboard has more to show
            if (!data || !data.busy || (data.scored && !before.scored)) {
                await this.props.reload();
            }
        } finally {
            this.following = false;
        }
    }

    async confirm() {
        const { source, lapse_auto, lapse_days } = this.state;
        const data = await this.call("confirm", [source, lapse_auto, lapse_days]);
        this.setData(data);
        this.notification.add(
            data ? _t("Saved. The customers are computed by these rules.") : _t("Saved."),
            { type: "success" }
        );
        await this.props.reload();
    }

    async close() {
        this.setData(await this.call("close"));
    }

    // -- what is shown -----------------------------------------------------------

    count({ count }) {
        return count >= MANY
            ? _t("%s or more documents", formatCount(count))
            : _t("%s documents", formatCount(count));
    }

    get rhythmText() {
        const { rhythm } = this.data;
        if (!rhythm) {
            return _t("What your purchases propose is known after the first computation.");
        }
        const customers = formatCount(rhythm.customers);
        if (!rhythm.enough) {
            return _t(
                "%(gaps)s repeat purchases of %(customers)s customers are too few to learn from (20 are needed). Until then a year counts.",
                { gaps: formatCount(rhythm.gaps), customers }
            );
        }
        return _t(
            "Half of all repeat purchases come within %(median)s days. Found in %(gaps)s repeat purchases of %(customers)s customers.",
            { median: rhythm.median, gaps: formatCount(rhythm.gaps), customers }
        );
    }

    get autoText() {
        const { rhythm, lapse_auto } = this.data;
        if (!rhythm || !rhythm.enough || !lapse_auto) {
            return _t("After the time within which 95 % of all repeat purchases come (recommended)");
        }
        return rhythm.shortest
            ? _t(
                  "After %s days: 95 % of all repeat purchases come sooner, and nobody counts as lapsed before that (recommended)",
                  rhythm.lapse
              )
            : _t("After %s days: 95 % of all repeat purchases come within them (recommended)", rhythm.lapse);
    }

    get runText() {
        const { run_state, run_text, run_error, customers, scored } = this.data;
        if (run_state === "failed") {
            return run_error || _t("The computation failed.");
        }
        if (run_text) {
            return run_text;
        }
        return scored ? _t("%s customers", formatCount(customers)) : _t("Waits for the scheduled action");
    }

    get historyText() {
        const { history_state, history_text } = this.data;
        return history_state ? history_text : _t("Comes after the customers");
    }

    open(xmlid) {
        return this.action.doAction(xmlid);
    }

    openHealth() {
        return this.open("lifecycle_crm.action_lifecycle_health");
    }

    openImport() {
        return this.open("lifecycle_crm.action_lifecycle_import_wizard");
    }

    async openSample() {
        return this.action.doAction(await this.call("action_import_sample"));
    }
}
