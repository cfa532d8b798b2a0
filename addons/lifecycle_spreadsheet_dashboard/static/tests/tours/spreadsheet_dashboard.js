import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lifecycle_spreadsheet_dashboard", {
    steps: () => [
        { trigger: ".o_search_panel li:contains(Customer Lifecycle)", run: "click" },
        { trigger: ".o_renderer .o-spreadsheet, .o_renderer .o-figure" },
        { trigger: ".o-figure" },
    ],
});
