import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ChurnWhyField } from "./churn_why_field";

/** The same panel on the card of a contact, which brings its own data. */
export class ChurnWhyCard extends ChurnWhyField {
    static template = "churn_scoring.ChurnWhyCard";
    static props = { card: Object, record: Object };

    get title() {
        return _t("Why");
    }

    get why() {
        return this.props.card.why || false;
    }
}

registry.category("lifecycle_card_parts").add("churn_why", {
    Component: ChurnWhyCard,
    isShown: (card) => Boolean(card.why),
});
