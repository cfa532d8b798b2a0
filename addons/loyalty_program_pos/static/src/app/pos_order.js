import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { roundDecimals } from "@web/core/utils/numbers";
// patched first: what it computes is multiplied here
import "@pos_loyalty/app/models/pos_order";

const DIGITS = 2;

patch(PosOrder.prototype, {
    /**
     * @returns {number} what points of a programme are multiplied by for the customer
     */
    getTierMultiplier(program) {
        return this.getPartner()?.getTier(program)?.multiplier ?? 1;
    },

    pointsForPrograms(programs) {
        const result = super.pointsForPrograms(...arguments);
        for (const program of programs) {
            const multiplier = this.getTierMultiplier(program);
            for (const entry of multiplier === 1 ? [] : result[program.id] || []) {
                entry.points = roundDecimals(entry.points * multiplier, DIGITS);
            }
        }
        return result;
    },

    _getPointsCorrection(program) {
        const correction = super._getPointsCorrection(...arguments);
        return correction && roundDecimals(correction * this.getTierMultiplier(program), DIGITS);
    },

    _programIsApplicable(program) {
        return super._programIsApplicable(...arguments) && this._isOpenToCustomer(program);
    },

    getClaimableRewards() {
        const claimable = super.getClaimableRewards(...arguments);
        return claimable.filter(
            ({ reward }) =>
                this._isOpenToCustomer(reward) && this._isOpenToCustomer(reward.program_id)
        );
    },

    _applyReward(reward) {
        // a reward on the order stays only while the customer may have it
        if (!this._isOpenToCustomer(reward)) {
            return _t("This reward is for members of a tier.");
        }
        return super._applyReward(...arguments);
    },

    _isOpenToCustomer(record) {
        const partner = this.getPartner();
        return partner ? partner.hasTierFor(record) : !record.pos_tier_ids?.length;
    },
});
