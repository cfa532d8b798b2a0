"""What the coffee and tea company sells, and who buys what of it."""

from .model import Product

CATEGORIES = {
    "coffee": "Coffee",
    "tea": "Tea",
    "machine": "Machines and Grinders",
    "accessory": "Accessories",
    "gift": "Gifts",
    "service": "Services",
}

_TABLE = """
espresso_1kg    coffee    Espresso House Blend, beans 1 kg         24.90  12.40
espresso_250    coffee    Espresso House Blend, beans 250 g         7.90   3.60
filter_1kg      coffee    Filter Roast Huila, beans 1 kg           28.50  14.90
filter_250      coffee    Filter Roast Huila, beans 250 g           8.90   4.20
ethiopia_250    coffee    Single Origin Yirgacheffe, 250 g         11.50   5.60
sumatra_250     coffee    Single Origin Mandheling, 250 g          10.90   5.30
decaf_1kg       coffee    Decaf Blend, beans 1 kg                  27.50  14.10
office_5kg      coffee    Office Blend, ground 5 kg               109.00  56.00
capsules_100    coffee    Compostable Capsules, 100 pieces         34.90  17.20
earlgrey_500    tea       Earl Grey Bergamot, loose 500 g          21.50   8.90
sencha_500      tea       Sencha, loose 500 g                      29.90  13.60
oolong_250      tea       Iron Goddess Oolong, loose 250 g         24.50  11.20
persian_500     tea       Persian Breakfast with Cardamom, 500 g   19.90   8.10
chamomile_200   tea       Chamomile Flowers, 200 g                 12.90   4.80
teabags_100     tea       Assorted Pyramid Bags, 100 pieces        26.90  11.50
grinder_pro     machine   Grinder Pro 64 mm                       489.00 296.00
machine_duo     machine   Espresso Machine Duo, two groups       2890.00 1990.00
brewer_batch    machine   Batch Brewer 2.2 l                      629.00 402.00
kettle_glass    accessory Gooseneck Kettle 0.9 l                   64.00  31.00
dripper_set     accessory Pour-over Set with 100 Filters           38.50  17.40
cups_50         accessory Take-away Cups, 50 pieces                 9.80   4.10
cleaner_1kg     accessory Machine Cleaning Powder 1 kg             22.40   9.70
gift_tasting    gift      Tasting Box, six coffees                 44.90  21.80
gift_tea        gift      Tea Chest, twelve teas                   59.00  27.50
gift_nowruz     gift      Spring Box: tea, saffron sugar, sweets   49.00  24.60
barista_day     service   Barista Training, one day               390.00 150.00
"""


def _read(table: str) -> list[Product]:
    products = []
    for row in table.strip().splitlines():
        *words, price, cost = row.split()
        key, category, *name = words
        products.append(
            Product(key, category, " ".join(name), float(price), float(cost))
        )
    return products


PRODUCTS = _read(_TABLE)
BY_KEY = {product.key: product for product in PRODUCTS}

# Per kind of customer: what they choose their favourites from, and how many of
# one article they take at a time.
BASKETS = {
    "cafe": (
        ["espresso_1kg", "filter_1kg", "decaf_1kg", "earlgrey_500", "sencha_500"]
        + ["cups_50", "cleaner_1kg", "persian_500"],
        (3, 10),
    ),
    "restaurant": (
        ["espresso_1kg", "decaf_1kg", "capsules_100", "earlgrey_500", "teabags_100"]
        + ["chamomile_200", "cleaner_1kg"],
        (2, 7),
    ),
    "hotel": (
        ["office_5kg", "capsules_100", "teabags_100", "decaf_1kg", "earlgrey_500"]
        + ["chamomile_200", "cups_50"],
        (3, 12),
    ),
    "office": (
        ["office_5kg", "espresso_1kg", "capsules_100", "teabags_100", "decaf_1kg"]
        + ["cleaner_1kg"],
        (1, 4),
    ),
    "shop": (
        ["espresso_250", "filter_250", "ethiopia_250", "sumatra_250", "oolong_250"]
        + ["persian_500", "dripper_set", "gift_tasting", "gift_tea", "chamomile_200"],
        (6, 18),
    ),
    "private": (
        ["espresso_250", "filter_250", "ethiopia_250", "sumatra_250", "espresso_1kg"]
        + ["capsules_100", "oolong_250", "persian_500", "sencha_500", "dripper_set"]
        + ["kettle_glass", "chamomile_200"],
        (1, 3),
    ),
}

# What is bought once in a while, on top of the favourites.
EXTRAS = {
    "cafe": ["grinder_pro", "barista_day", "machine_duo", "gift_tasting"],
    "restaurant": ["grinder_pro", "barista_day", "brewer_batch"],
    "hotel": ["brewer_batch", "barista_day", "gift_tea"],
    "office": ["brewer_batch", "gift_tasting", "kettle_glass"],
    "shop": ["gift_nowruz", "kettle_glass", "gift_tea"],
    "private": ["gift_tasting", "gift_tea", "grinder_pro"],
}

GIFTS = {
    "christmas": ["gift_tasting", "gift_tea", "ethiopia_250"],
    "nowruz": ["gift_nowruz", "persian_500", "gift_tea"],
}

# What some buy later who bought of a category: the article, and their share.  That is
# what the cross-selling report finds, and what it proposes to the others.
FOLLOWERS = {
    "machine": (("cleaner_1kg", 0.55), ("barista_day", 0.45)),
    "accessory": (("grinder_pro", 0.15),),
    "tea": (("gift_tea", 0.3),),
}

FOREIGN_PRICE_FACTOR = 0.9  # list price in the foreign currency


def price_of(product: str, years_ago: float, foreign: bool = False) -> float:
    """List price of a day in the past: it rose by about 4 % a year.

    >>> price_of("espresso_1kg", 0), price_of("espresso_1kg", 2.5)
    (24.9, 22.4)
    """
    price = BY_KEY[product].price * (1 - 0.04 * years_ago)
    if foreign:
        price *= FOREIGN_PRICE_FACTOR
    return round(price, 1)
