"""What customers order, what comes back, what stands on which invoice."""

from datetime import date, datetime, time, timedelta
from random import Random

from .archetypes import BY_KEY, Archetype
from .catalog import BASKETS, EXTRAS, FOLLOWERS, GIFTS, price_of
from .catalog import BY_KEY as PRODUCTS
from .model import Customer, Line, Order
from .rhythms import around, season

# Orders of companies go on one invoice a month.  Those of more than a year ago
# were invoiced in the system before this one.
INVOICED_DAYS = 365
RETURN_AFTER_DAYS = (5, 18)


class Buyer:
    """A customer who buys in a company the way of an archetype."""

    def __init__(
        self, customer: Customer, archetype: Archetype, company: int, today: date
    ):
        self.customer = customer
        self.archetype = archetype
        self.company = company
        self.today = today
        # the same customer buys the same way, whatever else is in the plan
        self._rng = Random(f"{customer.key}/{archetype.key}/{company}")
        self._size = archetype.volume * min(max(around(self._rng, 1, 0.45), 0.4), 4)
        choice, self._quantity = BASKETS[customer.kind]
        if archetype.gifts:
            choice = GIFTS[archetype.gifts]
        count = min(self._rng.choice((2, 3, 3, 4)), len(choice))
        self._favourites = self._rng.sample(choice, count)

    def orders(self) -> list[Order]:
        """All orders, the oldest first."""
        if not self.archetype.rhythm:
            return []
        days = sorted(self.archetype.rhythm(self._rng, self.today), reverse=True)
        orders = [self.order(day, first=day == days[0]) for day in days]
        if not self.archetype.gifts:
            self._follow_up(orders)
        if self.archetype.key == "cancelled":
            for order in orders:
                order.state = "cancel"
        else:
            for order in orders:
                self._bill(order)
                self._maybe_return(order)
        return orders

    def order(self, days_ago: int, *, first: bool = False) -> Order:
        rng = self._rng
        moment = self._moment(days_ago)
        years = (self.today - moment.date()).days / 365
        lines = self._lines(days_ago, years, first)
        # most orders come from a person, some from the company's own address
        people = [
            number
            for number, contact in enumerate(self.customer.contacts)
            if contact.type == "contact"
        ]
        contact = rng.choice(people) if people and rng.random() < 0.6 else -1
        return Order(
            customer=self.customer.key,
            company=self.company,
            moment=moment,
            lines=lines,
            contact=contact,
            foreign_currency=self._foreign,
        )

    def _follow_up(self, orders: list[Order]) -> None:
        """What goes with a category is bought some orders after it, by some."""
        rng = Random(f"{self.customer.key}/{self.company}/followers")
        for category, followers in FOLLOWERS.items():
            for product, share in followers:
                wanted, after = rng.random() < share, rng.choice((1, 1, 2, 3))
                own = PRODUCTS[product].category
                bought = [
                    {PRODUCTS[ln.product].category for ln in o.lines} for o in orders
                ]
                start = next((n for n, c in enumerate(bought) if category in c), None)
                if not wanted or start is None or start + after >= len(orders):
                    continue
                if any(own in categories for categories in bought):
                    continue
                order = orders[start + after]
                years = (self.today - order.moment.date()).days / 365
                price = price_of(product, years, self._foreign)
                order.lines.append(Line(product, 1, price, order.lines[0].discount))

    @property
    def _foreign(self) -> bool:
        return self.customer.foreign_currency and self.company == 1

    def _moment(self, days_ago: int) -> datetime:
        day = self.today - timedelta(days=days_ago)
        first, last = 12, 20
        if self.customer.is_company:
            first, last = 8, 16
            # nobody is at work on the weekend
            day -= timedelta(days=max(day.weekday() - 4, 0))
        minute = self._rng.randrange(60 * (last - first))
        return datetime.combine(day, time(first)) + timedelta(minutes=minute)

    def _lines(self, days_ago: int, years: float, first: bool) -> list[Line]:
        rng = self._rng
        some = max(1, min(len(self._favourites), round(around(rng, 2.0, 0.35))))
        chosen = rng.sample(self._favourites, some)
        extra = 0.1 if first and self.customer.is_company else 0.035
        if not self.archetype.gifts and rng.random() < extra:
            chosen.append(rng.choice(EXTRAS[self.customer.kind]))
        discount = self.archetype.discount
        if discount:
            discount += rng.choice((-5, 0, 0, 5))
        elif rng.random() < 0.05:
            discount = rng.choice((5.0, 10.0))
        lines = []
        for product in dict.fromkeys(chosen):
            low, high = self._quantity
            if product in EXTRAS[self.customer.kind] and not self.archetype.gifts:
                low, high = 1, 1
            size = self._size * season(self.today, days_ago)
            quantity = max(1, round(rng.uniform(low, high) * size)) if high > 1 else 1
            price = price_of(product, years, self._foreign)
            lines.append(Line(product, quantity, price, float(discount)))
        return lines

    def _bill(self, order: Order) -> None:
        day = order.moment.date()
        if (self.today - day).days > INVOICED_DAYS:
            order.invoice = ""
        elif self.customer.is_company:
            order.invoice = f"{day:%Y-%m}"
        else:
            order.invoice = order.moment.isoformat()

    def _maybe_return(self, order: Order) -> None:
        rng = self._rng
        if rng.random() >= self.archetype.returns:
            return
        back = order.moment.date() + timedelta(days=rng.randint(*RETURN_AFTER_DAYS))
        if back >= self.today:
            return
        full = self.archetype.key == "all_returned" or rng.random() < 0.3
        full = full or len(order.lines) + order.lines[-1].quantity == 2  # one piece
        order.returned, order.returned_on = ("full" if full else "part"), back
        # what comes back soon is on an invoice of its own
        order.invoice = order.moment.isoformat()


def quotation(customer: Customer, company: int, today: date) -> Order:
    """An open quotation of the last weeks; a few are older and have expired."""
    rng = Random(f"{customer.key}/quotation/{company}")
    buyer = Buyer(customer, BY_KEY["quoted"], company, today)
    order = buyer.order(rng.choice((2, 3, 5, 8, 12, 17, 23, 40, 55)))
    order.state = rng.choice(("draft", "sent", "sent"))
    return order


def exchange_rates(today: date, months: int, start: float) -> list[tuple[date, float]]:
    """Units of the foreign currency for one of the own, at the start of months."""
    rng = Random("exchange rates")
    rates, rate = [], start
    first = today.year * 12 + today.month - 1
    for number in range(months):
        year, month = divmod(first - number, 12)
        rates.append((date(year, month + 1, 1), round(rate, 4)))
        rate *= 1 + rng.gauss(0.0015, 0.012)
    return rates[::-1]
