import { registry } from "@web/core/registry";

/** A manager decides in the first hour what counts, and when a customer has lapsed. */
registry.category("web_tour.tours").add("lifecycle_onboarding", {
    steps: () => [
        { trigger: ".o_lifecycle_onboarding .o_lifecycle_rhythm:contains(within 30 days)" },
        { trigger: ".o_lifecycle_onboarding .o_lifecycle_rhythm:contains(of 3 customers)" },
        { trigger: "input#lifecycle_lapse_own", run: "click" },
        { trigger: "input[name=lapse_days]", run: "edit 120" },
        { trigger: ".o_lifecycle_onboarding button[name=confirm]", run: "click" },
        { trigger: ".o_lifecycle_onboarding:contains(goes away when)" },
        { trigger: ".o_lifecycle_onboarding [data-name=run]:contains(Waits for the scheduled)" },
    ],
});
