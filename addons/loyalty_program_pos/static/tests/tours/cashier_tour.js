import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { refresh } from "@point_of_sale/../tests/generic_helpers/utils";
import { registry } from "@web/core/registry";

const BADGE = ".product-screen .loyalty-tier-badge";

function tierIs(name) {
    return { content: `tier ${name}`, trigger: `${BADGE} .tier-name:contains(${name})` };
}

function choose(name) {
    return [ProductScreen.clickPartnerButton(), ProductScreen.clickCustomer(name)];
}

registry.category("web_tour.tours").add("loyalty_program_pos_cashier", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Tour Mug", "2"),
            ProductScreen.totalAmountIs("20.00"),

            // Gold: colour, way to the next tier, doubled points, its own prices
            choose("Tour Anna"),
            tierIs("Gold"),
            { trigger: `${BADGE} .tier-name.o_tag_color_3` },
            { trigger: `${BADGE} .tier-multiplier:contains(points × 2)` },
            { trigger: `${BADGE} .tier-way:contains(to Black)` },
            // a cashier without rights to sales sees no stage
            { trigger: `${BADGE}:not(:has(.customer-stage))` },
            ProductScreen.totalAmountIs("16.00"),
            PosLoyalty.pointsAwardedAre("32"),

            // nobody's tier stays on the screen
            choose("Tour Ben"),
            { trigger: `.product-screen:not(:has(.loyalty-tier-badge))` },
            ProductScreen.totalAmountIs("20.00"),
            PosLoyalty.pointsAwardedAre("20"),

            // a tier whose pricelist this shop does not offer: in words
            choose("Tour Cleo"),
            tierIs("Black"),
            { trigger: `${BADGE} .tier-pricelist-missing:contains(Elsewhere Prices)` },
            ProductScreen.totalAmountIs("20.00"),
            PosLoyalty.pointsAwardedAre("60"),

            // after a reload the same
            choose("Tour Anna"),
            ProductScreen.totalAmountIs("16.00"),
            refresh(),
            tierIs("Gold"),
            ProductScreen.totalAmountIs("16.00"),
            PosLoyalty.pointsAwardedAre("32"),
            choose("Tour Ben"),
            PosLoyalty.pointsAwardedAre("20"),

            // what was loaded holds without a connection
            OfflineUtil.setOfflineMode(),
            choose("Tour Ben"),
            PosLoyalty.pointsAwardedAre("20"),
            choose("Tour Anna"),
            tierIs("Gold"),
            PosLoyalty.pointsAwardedAre("32"),
            OfflineUtil.setOnlineMode(),
            PosLoyalty.finalizeOrder("Cash", "16"),
            Chrome.endTour(),
        ].flat(2),
});
