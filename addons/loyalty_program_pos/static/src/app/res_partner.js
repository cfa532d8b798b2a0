import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { patch } from "@web/core/utils/patch";

patch(ResPartner.prototype, {
    /**
     * Tiers that the customer holds; a field without a value is false, not undefined.
     */
    get heldTiers() {
        return (this.pos_loyalty_tiers && this.pos_loyalty_tiers.tiers) || [];
    },

    /**
     * @returns {Object|undefined} the tier of the customer in a programme
     */
    getTier(program) {
        return this.heldTiers.find((tier) => tier.program_id === program.id);
    },

    /**
     * Whether a programme or a reward is open to the customer.
     *
     * @param {Object} record with the tiers it is for; none: for everybody
     */
    hasTierFor(record) {
        const asked = record.pos_tier_ids || [];
        return !asked.length || this.heldTiers.some((tier) => asked.includes(tier.id));
    },

    /**
     * @returns {string|undefined} name of the customer's pricelist, where a tier gives it
     * and this shop does not offer it
     */
    get missingTierPricelist() {
        const pricelist = this.pos_loyalty_tiers && this.pos_loyalty_tiers.pricelist;
        return pricelist && !this.models["product.pricelist"].get(pricelist.id)
            ? pricelist.name
            : undefined;
    },
});
