import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { TierBadge } from "@loyalty_program_pos/app/tier_badge";

OrderSummary.components = { ...OrderSummary.components, TierBadge };
PartnerLine.components = { ...PartnerLine.components, TierBadge };
