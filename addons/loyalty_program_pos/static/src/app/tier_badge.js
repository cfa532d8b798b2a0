import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/**
 * Tier of a customer with its colour, the way to the next one, what points are
 * multiplied by, the lifecycle stage (where the cashier may see it), and a word where
 * the shop does not offer the pricelist of the tier.
 */
export class TierBadge extends Component {
    static template = "loyalty_program_pos.TierBadge";
    static props = { partner: { optional: true }, short: { type: Boolean, optional: true } };
    static defaultProps = { short: false };

    get tiers() {
        return this.props.partner?.heldTiers || [];
    }

    get stage() {
        return this.props.partner?.pos_loyalty_tiers?.stage || false;
    }

    getWay(tier) {
        return tier.next
            ? _t("%(percent)s % to %(tier)s", {
                  percent: Math.floor(tier.progress),
                  tier: tier.next,
              })
            : "";
    }

    getMultiplier(tier) {
        return tier.multiplier !== 1 ? _t("points × %s", tier.multiplier) : "";
    }

    get missingPricelist() {
        const name = this.props.partner?.missingTierPricelist;
        return name
            ? _t("Pricelist “%s” of the tier is not offered in this shop.", name)
            : "";
    }
}
