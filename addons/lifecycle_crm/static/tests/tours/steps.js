/** What people do on every list, as steps of a tour. */

const CONFIGURATION = "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_configuration']";

/** Open an entry of the menu Configuration. */
export function configure(menu) {
    return [
        { trigger: CONFIGURATION, run: "click" },
        { trigger: `.o-dropdown--menu [data-menu-xmlid='lifecycle_crm.${menu}']`, run: "click" },
    ];
}

export function switchTo(view) {
    return [
        { trigger: `.o_switch_view.o_${view}`, run: "click" },
        { trigger: `.o_${view}_view` },
    ];
}

export function search(text) {
    return [
        { trigger: ".o_searchview_input", run: `edit ${text}` },
        { trigger: ".o_searchview_input", run: "press Enter" },
        { trigger: `.o_searchview_facet:contains(${text})` },
    ];
}

/** By one field of the search, as its suggestion offers it. */
export function searchBy(field, text) {
    return [
        { trigger: ".o_searchview_input", run: `edit ${text}` },
        {
            trigger: `.o_searchview_autocomplete .o-dropdown-item:contains(Search ${field} for: ${text})`,
            run: "click",
        },
        { trigger: `.o_searchview_facet:contains(${field}):contains(${text})` },
    ];
}

/** Tick an entry of the menu of filters and groups. */
export function pick(menu, label) {
    return [
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: `.o_${menu}_menu .o_menu_item:text(${label})`, run: "click" },
        { trigger: `.o_searchview_facet:contains(${label})` },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: `body:not(:has(.o_${menu}_menu))` },
    ];
}

/** Take the facets of the search away, the last one first. */
export function clearSearch(facets = 1) {
    const each = [];
    for (let last = facets - 1; last >= 0; last--) {
        const facet = `.o_searchview_facet:eq(${last})`;
        each.push({ trigger: `${facet} .o_facet_remove`, run: "click" });
        each.push({ trigger: `.o_searchview:not(:has(${facet}))` });
    }
    return each;
}

/** The rows of the list, from top to bottom, and no other. */
export function rows(...texts) {
    return [
        ...texts.map((text, index) => ({
            content: `row ${index + 1} is ${text}`,
            trigger: `.o_data_row:eq(${index}):contains(${text})`,
        })),
        { trigger: `.o_list_renderer:not(:has(.o_data_row:eq(${texts.length})))` },
    ];
}

/** Click the head of a column, which then sorts in that direction: asc, desc. */
export function sortBy(column, direction) {
    const head = `th[data-name=${column}]`;
    return [
        { trigger: head, run: "click" },
        { trigger: `${head} .fa-sort-${direction}` },
    ];
}

export function showColumn(column) {
    return [
        { trigger: ".o_optional_columns_dropdown_toggle", run: "click" },
        { trigger: `.o-dropdown--menu input[name=${column}]`, run: "click" },
        { trigger: `th[data-name=${column}]` },
        { trigger: ".o_optional_columns_dropdown_toggle", run: "click" },
        { trigger: "body:not(:has(.o-dropdown--menu))" },
    ];
}

/** A group row of a list: its name and a total in it. */
export function group(name, total) {
    return [
        { trigger: `.o_group_header:contains(${name}):has(td:contains(${total}))` },
    ];
}
