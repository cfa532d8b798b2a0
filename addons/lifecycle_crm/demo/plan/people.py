"""Who the customers are: names, addresses, contacts."""

import unicodedata
from collections import Counter
from random import Random

from .model import Contact, Customer
from .names import COMPANY, FIRST, LAST, PHONES, PLACES, ROLES, STREETS, WORDS

# Letters that do not come apart into a plain one and an accent.
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})


def slug(text: str) -> str:
    """Text as it stands in an e-mail address.

    >>> slug("Café Mühlental & Söhne")
    'cafe-muhlental-sohne'
    """
    text = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    text = "".join(c for c in text if not unicodedata.combining(c))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text).split()
    return "-".join(words)


def _pick(rng: Random, words: str) -> tuple[str, str]:
    """One of the words, in its own script and in Latin letters."""
    native, _bar, latin = rng.choice(words.split()).partition("|")
    native, latin = native.replace("_", " "), latin.replace("_", " ")
    return native, latin or native


class Population:
    """Makes people and companies up, none of them twice."""

    def __init__(self):
        self._taken: set[str] = set()
        self._phones: Counter[str] = Counter()

    def customer(self, key: str, archetype: str, kind: str, company: int) -> Customer:
        rng = Random(f"{key}/who")
        places = PLACES[company or 1]
        place = rng.choices(list(places), list(places.values()))[0]
        city, zip_code, language, country = place.split("|")
        if kind == "private":
            name, email = self._unique(self.person, rng, language)
        else:
            name, email = self._unique(self.business, rng, language, kind)
        streets = STREETS.get(language, STREETS["en"])
        customer = Customer(
            key=key,
            archetype=archetype,
            kind=kind,
            name=name,
            email=email,
            phone=self._phone(city),
            street=f"{rng.choice(streets.split()).replace('_', ' ')} "
            f"{rng.randint(1, 180)}",
            city=city,
            zip=zip_code,
            country=country,
            salesperson="",
            is_company=kind != "private",
            company=company,
        )
        if customer.is_company:
            customer.contacts = self._contacts(rng, customer, language)
        return customer

    def _unique(self, make, *arguments) -> tuple[str, str]:
        while True:
            name, email = make(*arguments)
            if not {name, email} & self._taken:
                self._taken |= {name, email}
                return name, email

    def person(self, rng: Random, language: str, host: str = "") -> tuple[str, str]:
        first, first_latin = _pick(rng, FIRST[language])
        last, last_latin = _pick(rng, LAST[language])
        address = f"{slug(first_latin)}.{slug(last_latin)}"
        name = f"{last}{first}" if language == "zh" else f"{first} {last}"
        return name, f"{address}@{host or 'example.org'}"

    def business(self, rng: Random, language: str, kind: str) -> tuple[str, str]:
        pattern, latin_pattern = _pick(rng, COMPANY[language][kind])
        word, latin = _pick(rng, WORDS[language])
        if rng.random() < 0.25:  # named after its founder
            word, latin = _pick(rng, LAST[language])
        host = slug(latin_pattern.replace("%s", latin))
        return pattern.replace("%s", word), f"hello@{host}.example.com"

    def _contacts(
        self, rng: Random, customer: Customer, language: str
    ) -> list[Contact]:
        host = customer.email.partition("@")[2]
        contacts: dict[str, Contact] = {}
        roles = ROLES[customer.kind]
        for role in roles[: rng.choice((1, 1, 2))]:
            name, email = self.person(rng, language, host)
            contacts.setdefault(email, Contact(name, email, role))
        people = list(contacts.values())
        if customer.archetype == "key_account":
            accounts = f"invoices@{host}"
            people.append(Contact("Accounts Payable", accounts, "", "invoice"))
        return people

    def _phone(self, city: str) -> str:
        pattern = PHONES.get(city)
        if not pattern:
            return ""
        self._phones[city] += 1
        return pattern % (self._phones[city] % 100)
