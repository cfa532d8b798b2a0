"""The pipeline: unknown people, prospects, and customers worth another talk."""

from datetime import date, datetime, time, timedelta
from random import Random

from .model import Customer, Lead, Order
from .people import Population

TOPICS = {
    "cafe": ("Espresso for the new branch", "House blend under own label"),
    "restaurant": ("After-dinner coffee and tea list", "New espresso machine"),
    "hotel": ("Breakfast coffee for all floors", "Tea selection for the rooms"),
    "office": ("Office coffee subscription", "Machine and beans for 40 people"),
    "shop": ("Shelf of 12 teas", "Retail packs for the spring season"),
    "private": ("Gift boxes for the family", "Beans as a subscription"),
}
UPSELL = ("Second machine", "Yearly volume contract", "Barista training", "Decaf trial")
WIN_BACK = ("Win back: new price list", "Win back: tasting invitation")
UNKNOWN = (
    "Request for the wholesale price list",
    "Tasting at the trade fair",
    "Question about delivery times",
    "Call back about office coffee",
    "Sample box ordered on the website",
    "Coffee for a conference, 200 guests",
)
SOURCES = ("Website", "Trade fair", "Referral", "Newsletter", "Phone")
LOST_REASONS = ("Too expensive", "Bought elsewhere", "No answer", "Not enough stock")

# How many at scale 1: open, won, lost.
KNOWN = {
    "growing": ("upsell", 8, 7, 1),
    "monthly": ("upsell", 7, 6, 3),
    "key_account": ("upsell", 4, 4, 1),
    "lapsed": ("win_back", 7, 0, 4),
    "won_back": ("win_back", 0, 6, 0),
    "overdue": ("win_back", 5, 0, 1),
    "one_time": ("topic", 4, 0, 6),
    "newcomer": ("topic", 2, 5, 0),
    "quoted": ("topic", 12, 0, 0),
    "prospect": ("topic", 12, 0, 4),
}
UNKNOWN_OPEN, UNKNOWN_LOST = 26, 6


class Pipeline:
    """Makes the leads of one plan."""

    def __init__(
        self,
        today: date,
        population: Population,
        orders: dict[str, list[Order]],
    ):
        self.today = today
        self._population = population
        self._orders = orders
        self.leads: list[Lead] = []

    def known(self, customers: list[Customer], scale: float) -> None:
        """Leads of customers and of prospects who are contacts already."""
        for archetype, (topic, *numbers) in KNOWN.items():
            pool = [c for c in customers if c.archetype == archetype]
            Random(f"{archetype}/leads").shuffle(pool)
            for outcome, number in zip(("", "won", "lost"), numbers, strict=True):
                wanted = max(1, round(number * scale)) if number else 0
                for customer in pool[:wanted]:
                    self._add_known(customer, topic, outcome)
                pool = pool[wanted:]

    def _add_known(self, customer: Customer, topic: str, outcome: str) -> None:
        rng = Random(f"{customer.key}/lead")
        name = rng.choice(
            {"upsell": UPSELL, "win_back": WIN_BACK}.get(topic) or TOPICS[customer.kind]
        )
        order = None
        confirmed = [o for o in self._orders[customer.key] if o.state == "sale"]
        days = rng.randint(4, 75)
        if outcome == "won" and confirmed:
            order = confirmed[-1]
            days = (self.today - order.moment.date()).days + rng.randint(4, 40)
        elif outcome:
            days = rng.randint(60, 330)
        revenue = order.amount if order else self._revenue(rng, customer.kind)
        lead = self._lead(
            rng,
            name=f"{name}, {customer.name}",
            salesperson=customer.salesperson,
            days=days,
            outcome=outcome,
            expected_revenue=round(revenue * (rng.choice((1, 4, 12)))),
            customer=customer.key,
            contact=0 if customer.contacts and rng.random() < 0.5 else -1,
            company=customer.company or 1,
        )
        if order:
            lead.closed = order.moment
            order.lead = lead.key

    def unknown(self, salespeople: list[str], scale: float) -> None:
        """People that are no contacts yet: half of them not even qualified."""
        total = max(2, round((UNKNOWN_OPEN + UNKNOWN_LOST) * scale))
        lost = max(1, round(UNKNOWN_LOST * scale))
        for number in range(total):
            rng = Random(f"unknown/{number}")
            kind = rng.choice(("cafe", "office", "hotel", "shop", "restaurant"))
            someone = self._population.customer(f"unknown/{number}", "", kind, 1)
            lead = self._lead(
                rng,
                name=rng.choice(UNKNOWN),
                salesperson=rng.choice([*salespeople, ""]),
                days=rng.randint(40, 250) if number < lost else rng.randint(1, 45),
                outcome="lost" if number < lost else "",
                expected_revenue=round(self._revenue(rng, kind), -1),
                contact_name=someone.contacts[0].name,
                partner_name=someone.name,
                email=someone.contacts[0].email,
                phone=someone.phone,
                country=someone.country,
                city=someone.city,
            )
            lead.is_opportunity = number % 2 == 0
            if not lead.is_opportunity:
                lead.stage = 0
                lead.expected_revenue = 0

    def _lead(self, rng: Random, days: int, outcome: str, **values) -> Lead:
        day = self.today - timedelta(days=days)
        lead = Lead(
            key=f"lead_{len(self.leads) + 1:03d}",
            created=datetime.combine(day, time(8))
            + timedelta(minutes=rng.randrange(480)),
            outcome=outcome,
            stage=rng.choices((0, 1, 2), (4, 3, 3))[0],
            source=rng.choice(SOURCES),
            **values,
        )
        if outcome:
            closed = lead.created + timedelta(days=rng.randint(3, min(days - 1, 50)))
            lead.closed = closed
        if outcome == "lost":
            lead.lost_reason = rng.choice(LOST_REASONS)
        self.leads.append(lead)
        return lead

    @staticmethod
    def _revenue(rng: Random, kind: str) -> float:
        base = 90 if kind == "private" else 700
        return base * (0.4 + 2 * rng.random())
