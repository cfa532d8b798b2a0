import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";
import "@pos_loyalty/app/services/pos_store";

const FIELDS = ["pos_loyalty_tiers", "property_product_pricelist"];

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        // after a reload contacts come from the browser's own store
        this.refreshTier(this.getOrder());
    },

    setPartnerToCurrentOrder(partner) {
        super.setPartnerToCurrentOrder(...arguments);
        this.refreshTier(this.getOrder());
    },

    async _updatePrograms() {
        await super._updatePrograms(...arguments);
        const order = this.getOrder();
        for (const change of Object.values(order?.uiState.couponPointChanges || {})) {
            const program = this.models["loyalty.program"].get(change.program_id);
            // the server compares it with what it knows
            change.tier_multiplier = program ? order.getTierMultiplier(program) : 1;
        }
    },

    /**
     * Ask the server what tier the customer of an order has now; offline, what was
     * loaded holds.  Terms that were shown to the customer of a paid order stay.
     */
    async refreshTier(order) {
        const partner = order?.getPartner();
        if (!partner || !(partner.id > 0) || order.finalized) {
            return;
        }
        const before = this._getTierTerms(partner);
        let told;
        try {
            [told] = await this.data.call("res.partner", "read", [[partner.id], FIELDS], {
                load: false,
            });
        } catch {
            return; // no connection
        }
        if (!told) {
            return;
        }
        partner.update({
            pos_loyalty_tiers: told.pos_loyalty_tiers,
            // one that is not offered here gives nobody its prices
            property_product_pricelist:
                this.models["product.pricelist"].get(told.property_product_pricelist) || false,
        });
        this.data.synchronizeServerDataInIndexedDB({ "res.partner": [partner.raw] });
        const now = this._getTierTerms(partner);
        if (order.finalized || order.getPartner()?.id !== partner.id || before === now) {
            return;
        }
        order.updatePricelistAndFiscalPosition(partner);
        await this.updateRewards();
    },

    _getTierTerms(partner) {
        return JSON.stringify([
            partner.pos_loyalty_tiers,
            partner.property_product_pricelist?.id || false,
        ]);
    },
});
