import { Component, onWillStart, onWillUpdateProps, status, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatFigure } from "../dashboard/dashboard_format";
import { SpendCurve } from "./spend_curve";

/**
 * Parts that addons add to the card: `{ Component, isShown }`. The component gets the
 * props `card` (what the server answered) and `record` (of the form).
 */
export const cardParts = registry.category("lifecycle_card_parts");

/**
 * A customer in one look, on the Lifecycle page of a contact. All of it is asked for
 * when the page is opened, the timeline when it is scrolled on.
 */
export class LifecycleCard extends Component {
    static template = "lifecycle_crm.LifecycleCard";
    static components = { SpendCurve };
    static props = { ...standardWidgetProps, short: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ card: false, lines: [], more: false, loading: false });
        onWillStart(() => this.load(this.partnerId));
        onWillUpdateProps((next) => {
            const partnerId = this.getPartnerId(next.record);
            if (partnerId !== this.partnerId) {
                return this.load(partnerId);
            }
        });
    }

    /** The contact itself, or that of a record with a customer. */
    getPartnerId({ resModel, resId, data }) {
        return resModel === "res.partner" ? resId : data.partner_id && data.partner_id.id;
    }

    get partnerId() {
        return this.getPartnerId(this.props.record);
    }

    async load(resId) {
        if (!resId) {
            Object.assign(this.state, { card: false, lines: [], more: false });
            return;
        }
        const [card, timeline] = await Promise.all([
            this.orm.call("res.partner", "get_lifecycle_card", [[resId]]),
            this.orm.call("res.partner", "get_lifecycle_timeline", [[resId]]),
        ]);
        if (status(this) !== "destroyed") {
            Object.assign(this.state, { card, ...timeline });
        }
    }

    async loadMore() {
        this.state.loading = true;
        try {
            const { lines, more } = await this.orm.call(
                "res.partner",
                "get_lifecycle_timeline",
                [[this.partnerId]],
                { offset: this.state.lines.length }
            );
            this.state.lines.push(...lines);
            this.state.more = more;
        } finally {
            this.state.loading = false;
        }
    }

    // -- what is shown -------------------------------------------------------------

    get card() {
        return this.state.card;
    }

    get values() {
        const { currency_id, value } = this.card;
        return value.map((part) => ({
            ...part,
            text:
                part.kind === "date"
                    ? this.day(part.value) || "–"
                    : formatFigure(part.value, part.kind, currency_id),
        }));
    }

    get dates() {
        const { rhythm } = this.card;
        return [
            { name: "next", label: _t("Next order expected"), day: this.day(rhythm.next) },
            { name: "at_risk", label: _t("At risk from"), day: this.day(rhythm.at_risk) },
            { name: "lapse", label: _t("Lapsed from"), day: this.day(rhythm.lapse) },
        ].filter(({ day }) => day);
    }

    get parts() {
        return cardParts
            .getEntries()
            .filter(([, part]) => part.isShown(this.card))
            .map(([name, part]) => ({ name, Component: part.Component }));
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    when(line) {
        return line.has_time
            ? formatDateTime(deserializeDateTime(line.date), { tz: user.tz, showSeconds: false })
            : this.day(line.date);
    }

    // -- what can be done ------------------------------------------------------------

    async press(button) {
        return this.action.doAction(
            await this.orm.call("res.partner", button.method, [[this.partnerId]])
        );
    }

    async quote(offer) {
        return this.action.doAction(
            await this.orm.call("res.partner", "action_lifecycle_add_to_quotation", [
                [this.partnerId],
                offer.id,
            ])
        );
    }

    openLine(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: line.model,
            res_id: line.id,
            views: [[false, "form"]],
        });
    }
}

export const lifecycleCard = {
    component: LifecycleCard,
    // what the rest of the form does not show: what to offer, what happened
    extractProps: ({ attrs }) => ({ short: attrs.short === "1" }),
};

registry.category("view_widgets").add("lifecycle_card", lifecycleCard);
