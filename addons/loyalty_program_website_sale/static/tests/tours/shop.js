import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";

/** A member finds its prices, its tier and its points, and buys. */
registry.category("web_tour.tours").add("loyalty_shop_member", {
    steps: () => [
        { trigger: ".o_shop_club_line .badge:contains(Gold)" },
        { trigger: ".o_shop_club_line:contains(special prices)" },
        { trigger: ".o_shop_club a[href='/my/club']:visible" },
        { trigger: ".oe_product:contains(Shop Mug) .oe_currency_value:contains(8.00)" },
        {
            trigger: ".oe_product:contains(Shop Mug) a:contains(Shop Mug)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#product_detail .oe_price .oe_currency_value:contains(8.00)" },
        { trigger: "#product_detail #add_to_cart", run: "click" },
        tourUtils.goToCart(),
        ...tourUtils.assertCartAmounts({ total: "8.00" }),
        { trigger: ".o_shop_club_total .badge:contains(Gold)" },
        { trigger: ".o_shop_club_points:contains(16 Stars)" },
        {
            content: "one more: the points follow",
            trigger: "#cart_products .css_quantity a[aria-label='Add one']:visible",
            run: "click",
        },
        ...tourUtils.assertCartAmounts({ total: "16.00" }),
        { trigger: ".o_shop_club_points:contains(32 Stars)" },
        {
            content: "pay with credit",
            trigger: "button[name='o_loyalty_claim']:contains(Use)",
            run: "click",
            expectUnloadPage: true,
        },
        ...tourUtils.assertCartAmounts({ total: "0.00" }),
        tourUtils.goToCheckout(),
        { trigger: ".o_shop_club_total:visible .o_shop_club_points:contains(32 Stars)" },
        {
            trigger: "form[name='o_wsale_confirm_order'] button:visible",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h3:contains(Thank you for your order)" },
        {
            content: "to the club",
            trigger: ".o_shop_club a[href='/my/club']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_club_tier:contains(Gold)" },
    ],
});
