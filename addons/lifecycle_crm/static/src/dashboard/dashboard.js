import { Component, onWillStart, status, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { dashboardParts } from "./dashboard_registry";
import { LifecycleOnboarding } from "./onboarding";

const DEFAULTS = { months: 3, team_id: false, owner: "all" };

/** What a manager sees in one look; every figure leads to its records. */
export class LifecycleDashboard extends Component {
    static template = "lifecycle_crm.Dashboard";
    static components = { Layout, LifecycleOnboarding };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.open = this.open.bind(this);
        this.load = this.load.bind(this);
        this.state = useState({ data: false, loading: false });
        this.filters = { ...DEFAULTS, ...this.loadFilters() };
        onWillStart(() => this.load());
    }

    // -- filters, kept in the browser of the user --------------------------------

    get storageKey() {
        const company = user.activeCompany?.id || 0;
        return `lifecycle_dashboard.${user.userId}.${company}`;
    }

    loadFilters() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.storageKey)) || {};
        } catch {
            return {};
        }
    }

    async setFilter(name, value) {
        this.filters = { ...this.filters, [name]: value };
        await this.load();
        browser.localStorage.setItem(this.storageKey, JSON.stringify(this.filters));
    }

    onPeriod(ev) {
        return this.setFilter("months", Number(ev.target.value));
    }

    onTeam(ev) {
        return this.setFilter("team_id", Number(ev.target.value) || false);
    }

    onOwner(ev) {
        return this.setFilter("owner", ev.target.value);
    }

    async load() {
        this.state.loading = true;
        try {
            const { months, team_id, owner } = this.filters;
            const data = await this.orm.call("lifecycle.dashboard", "get_data", [], {
                months,
                team_id,
                owner,
            });
            if (status(this) !== "destroyed") {
                this.state.data = data;
                // what the server made of them: a team may be gone
                const { months, team_id, owner } = data.filters;
                this.filters = { months, team_id, owner };
            }
        } finally {
            this.state.loading = false;
        }
    }

    // -- what is shown ------------------------------------------------------------

    get data() {
        return this.state.data;
    }

    get periods() {
        return [
            { value: 1, label: _t("Last month") },
            { value: 3, label: _t("Last 3 months") },
            { value: 6, label: _t("Last 6 months") },
            { value: 12, label: _t("Last 12 months") },
            { value: 24, label: _t("Last 24 months") },
        ];
    }

    get periodText() {
        const { first, last } = this.data.filters;
        return _t("%(first)s – %(last)s", {
            first: formatDate(deserializeDate(first)),
            last: formatDate(deserializeDate(last)),
        });
    }

    /** Of when the scores are, when a large company was counted, and the period. */
    get caption() {
        const { as_of, counted } = this.data;
        const texts = [];
        if (as_of) {
            texts.push(_t("scores as of %s", formatDate(deserializeDate(as_of))));
        }
        if (counted) {
            const time = formatDateTime(deserializeDateTime(counted), { showSeconds: false });
            texts.push(_t("counted %s", time));
        }
        return [...texts, _t("months: %s", this.periodText)];
    }

    get isEmpty() {
        return !this.data.totals.contacts;
    }

    get isFiltered() {
        return Boolean(this.data.filters.team_id || this.data.filters.owner !== "all");
    }

    get parts() {
        return dashboardParts
            .getEntries()
            .filter(([, part]) => part.isShown(this.data))
            .map(([name, part]) => ({ name, Component: part.Component }));
    }

    // -- the way to the records ----------------------------------------------------

    /**
     * Open the records behind a figure.
     *
     * @param {string} xmlid of a window action
     * @param {Object} [options]
     * @param {Array} [options.domain] in place of that of the action
     * @param {boolean} [options.owned] only customers of the chosen team and owner
     * @param {string} [options.name] title of the screen
     * @param {Object} [options.context]
     * @param {string} [options.view] kind of view to begin with
     */
    async open(xmlid, { domain = [], owned = false, name, context = {}, view } = {}) {
        const action = await this.action.loadAction(xmlid);
        const conditions = owned ? [...domain, ...this.data.owned] : domain;
        return this.action.doAction(
            {
                ...action,
                domain: conditions,
                context,
                ...(name ? { display_name: name, name } : {}),
            },
            view ? { viewType: view } : {}
        );
    }

    openHealth() {
        return this.action.doAction("lifecycle_crm.action_lifecycle_health");
    }

    openSources() {
        return this.action.doAction("lifecycle_crm.action_lifecycle_profile");
    }

    print() {
        browser.print();
    }
}

registry.category("actions").add("lifecycle_dashboard", LifecycleDashboard);
