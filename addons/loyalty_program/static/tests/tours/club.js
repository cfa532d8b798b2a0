import { registry } from "@web/core/registry";

/** A member comes from the portal's first page and reads what is there. */
registry.category("web_tour.tours").add("loyalty_club", {
    steps: () => [
        { trigger: "a[href='/my/club']:visible", run: "click", expectUnloadPage: true },
        { trigger: ".o_club_tier:contains(Silver Ann)" },
        { trigger: ".progress-bar" },
        { trigger: ".o_club_points:contains(111)" },
        { trigger: ".o_club_expiry tbody tr:contains(111)" },
        { trigger: ".o_club_entry:contains(Adjustment):contains(111)" },
        { trigger: ".o_club_ladder summary", run: "click" },
        { trigger: ".o_club_ladder[open] li:contains(Gold Ann):visible" },
        { trigger: ".o_club_rewards li" },
        // nothing of anybody else
        { trigger: "body:not(:contains(222 Points))" },
        { trigger: ".breadcrumb-item.active:contains(My Club)" },
    ],
});
