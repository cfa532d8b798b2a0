import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";
import "@pos_loyalty/app/services/pos_store";

const FIELDS = ["id", "name", "pos_loyalty_tiers", "property_product_pricelist"];

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
        try {
            const [told] = await this.data.read("res.partner", [partner.id], FIELDS);
            const pricelist = told?.property_product_pricelist;
            if (told && !this.models["product.pricelist"].get(pricelist)) {
                // not offered here: prices are the shop's
                partner.update({ property_product_pricelist: false });
            }
        } catch {
            return; // no connection
        }
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
