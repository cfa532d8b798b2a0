"""What a plan of the demo company consists of."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Product:
    """An article that the demo company sells.

    :param price: list price today, in the currency of the first company
    :param cost: what it costs the company
    """

    key: str
    category: str
    name: str
    price: float
    cost: float


@dataclass(frozen=True)
class Contact:
    """A person at a company, or an address of it."""

    name: str
    email: str
    role: str
    type: str = "contact"


@dataclass
class Customer:
    """A company or a private person; everything is filed under its key."""

    key: str
    archetype: str
    kind: str
    name: str
    email: str
    phone: str
    street: str
    city: str
    zip: str
    country: str
    salesperson: str
    is_company: bool
    company: int = 1  # 1, 2 or 0 for a customer that both companies share
    foreign_currency: bool = False
    tags: list[str] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    created: date | None = None


@dataclass(frozen=True)
class Line:
    """A line of an order; the price is that of the order's day and currency."""

    product: str
    quantity: int
    price: float
    discount: float = 0.0


@dataclass
class Order:
    """A sales order, a cancelled one or a quotation.

    :param contact: which of the customer's contacts orders, -1 for none
    :param state: as in ``sale.order``: draft, sent, sale or cancel
    :param returned: empty, ``full`` or ``part``: what comes back
    :param invoice: orders of a customer with the same value share an invoice;
        empty where there is none in this system
    :param lead: key of the opportunity that the order came from
    """

    customer: str
    company: int
    moment: datetime
    lines: list[Line]
    contact: int = -1
    state: str = "sale"
    returned: str = ""
    returned_on: date | None = None
    invoice: str = ""
    lead: str = ""
    foreign_currency: bool = False

    @property
    def amount(self) -> float:
        """Untaxed amount in the currency of the order."""
        return sum(
            line.quantity * line.price * (1 - line.discount / 100)
            for line in self.lines
        )


@dataclass
class Lead:
    """A lead or an opportunity.

    :param stage: number of the pipeline's stage that is not won, from 0
    :param outcome: empty while it is open, else ``won`` or ``lost``
    """

    key: str
    name: str
    salesperson: str
    created: datetime
    expected_revenue: float
    customer: str = ""
    contact: int = -1
    contact_name: str = ""
    partner_name: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""
    city: str = ""
    is_opportunity: bool = True
    stage: int = 0
    outcome: str = ""
    closed: datetime | None = None
    lost_reason: str = ""
    source: str = ""
    company: int = 1


@dataclass
class Plan:
    """Everything that is loaded, ordered as it is created."""

    today: date
    products: list[Product]
    customers: list[Customer]
    orders: list[Order]
    leads: list[Lead]
    rates: list[tuple[date, float]]
