"""The points of one customer, worked out the slow and obvious way."""

from fractions import Fraction


class NaiveEntry:
    """Points that an order gave, or that were spent on it, and what undid them.

    :param amount: what they were given, or spent, for
    """

    def __init__(self, amount, points):
        self.amount = Fraction(str(amount))
        self.points = Fraction(str(points))
        self.moved = self.missed = Fraction(0)

    def get_due(self, credited):
        """Whole cents of the points for what was credited."""
        share = min(Fraction(1), credited / self.amount)
        return Fraction(self.points * share * 100 // 1, 100)


class NaiveOrder:
    def __init__(self, amount, given, spent):
        self.given = NaiveEntry(amount, given)
        self.spent = NaiveEntry(5, spent)
        self.notes = {}  # what each posted note credits of the goods and the reward
        self.cancelled = False

    def get_due(self):
        """Points to be taken, and points to come back, in all."""
        if self.cancelled:
            return self.given.points, self.spent.points
        goods = sum((note[0] for note in self.notes.values()), Fraction(0))
        reward = sum((note[1] for note in self.notes.values()), Fraction(0))
        return self.given.get_due(goods), self.spent.get_due(reward)


class NaivePoints:
    """Every change of an order settles that order, from what its notes say now."""

    def __init__(self):
        self.balance = Fraction(0)
        self.orders = []

    def buy(self, amount, given, spent):
        self.orders.append(NaiveOrder(amount, given, spent))
        self.balance += Fraction(str(given)) - Fraction(str(spent))

    def credit(self, number, note, goods, reward):
        amounts = Fraction(str(goods)), Fraction(str(reward))
        self.orders[number].notes[note] = amounts
        self._settle(self.orders[number])

    def uncredit(self, number, note):
        del self.orders[number].notes[note]
        self._settle(self.orders[number])

    def cancel(self, number):
        self.orders[number].cancelled = True
        self._settle(self.orders[number])

    def add(self, points):
        self.balance += Fraction(str(points))

    def _settle(self, order):
        take, back = order.get_due()
        # what was spent comes back; if less of it should have, it goes again as far as
        # it is there, and the rest is forgotten
        entry = order.spent
        change = back - (entry.moved - entry.missed)
        if change > 0:
            remembered = min(change, entry.missed)
            entry.missed -= remembered
            entry.moved += change - remembered
            self.balance += change - remembered
        else:
            gone = min(-change, self.balance)
            entry.missed += -change - gone
            entry.moved -= gone
            self.balance -= gone
        # what was given goes as far as it is there
        entry = order.given
        change = take - entry.moved - entry.missed
        if change > 0:
            gone = min(change, self.balance)
            entry.missed += change - gone
            entry.moved += gone
            self.balance -= gone
        else:
            remembered = min(-change, entry.missed)
            entry.missed -= remembered
            entry.moved -= -change - remembered
            self.balance += -change - remembered
