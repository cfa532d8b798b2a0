import { registry } from "@web/core/registry";

const back = [
    { trigger: ".o_breadcrumb a:contains(Dashboard)", run: "click" },
    { trigger: ".o_lifecycle_dashboard .o_lifecycle_stages" },
];

/** A manager reads the dashboard, and each figure leads to its records. */
registry.category("web_tour.tours").add("lifecycle_dashboard", {
    steps: () => [
        { trigger: ".o_lifecycle_dashboard .o_lifecycle_figure[data-name=retention_rate]" },
        { trigger: ".o_lifecycle_actions summary:contains(work)" },
        { trigger: "select[name=months]", run: "selectByLabel Last 12 months" },
        { trigger: ".o_lifecycle_caption:contains(06/01/2025):contains(05/31/2026)" },
        { trigger: ".o_lifecycle_stage:contains(Lapsed)", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(Lapsed)" },
        { trigger: ".o_kanban_view, .o_list_view .o_data_row" },
        ...back,
        // the period is still what was chosen
        { trigger: ".o_lifecycle_caption:contains(06/01/2025):contains(05/31/2026)" },
        { trigger: ".o_lifecycle_rfm button.o_lifecycle_cell:first", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(R )" },
        ...back,
        { trigger: "button:text(Segments)", run: "click" },
        { trigger: ".o_lifecycle_matrix th:contains(Champions)" },
        { trigger: "button:text(Money)", run: "click" },
        { trigger: ".o_lifecycle_flows button:first", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(→)" },
        { trigger: ".o_data_row" },
        ...back,
        { trigger: ".o_lifecycle_part button:text(Revenue)", run: "click" },
        { trigger: ".o_lifecycle_part button:text(Revenue).active" },
        { trigger: "button:text(Bought)", run: "click" },
        { trigger: ".o_lifecycle_cohorts th button:first", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(First order in)" },
        { trigger: ".o_data_row, .o_kanban_record" },
    ],
});
