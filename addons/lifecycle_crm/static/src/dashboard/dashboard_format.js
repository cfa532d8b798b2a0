import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";

/** A share between 0 and 1, or a dash where there is none. */
export function formatShare(value, digits = 1) {
    if (value === null || value === undefined) {
        return "–";
    }
    return _t("%s%", formatFloat(100 * value, { digits: [16, digits] }));
}

/** Money in short: 12k. */
export function formatMoney(value, currencyId) {
    if (value === null || value === undefined) {
        return "–";
    }
    const size = Math.abs(value);
    return formatMonetary(value, {
        currencyId,
        humanReadable: size >= 10000,
        digits: [16, size >= 1000000 ? 1 : size >= 100 || !size ? 0 : 2],
    });
}

export function formatCount(value) {
    return formatInteger(value || 0, { humanReadable: Math.abs(value) >= 100000 });
}

/** A figure by its kind: percent, money or count. */
export function formatFigure(value, kind, currencyId) {
    if (value === null || value === undefined) {
        return "–";
    }
    switch (kind) {
        case "percent":
            return formatShare(value);
        case "money":
            return formatMoney(value, currencyId);
        default:
            return formatCount(value);
    }
}

/**
 * A month by the day that it is given as: Mar 2026.  Months are those of the calendar by
 * which Odoo counts, also where a language has another one.
 */
export function formatMonth(day, format = "LLL yyyy") {
    return deserializeDate(day).reconfigure({ outputCalendar: "gregory" }).toFormat(format);
}

/**
 * How dark a cell is: the background of a share of the largest value.
 *
 * @param {number} share between 0 and 1
 */
export function shade(share) {
    const strength = Math.max(0, Math.min(1, share || 0));
    return `background-color: rgba(113, 75, 103, ${(0.06 + 0.94 * strength).toFixed(3)});`;
}

/**
 * Whether text on a shaded cell must be light to be read: with this border black and white
 * text both have a contrast of more than 4.5:1 on every shade that they stand on.
 */
export function isDark(share) {
    return share > 0.8;
}
