"""The points of one customer, worked out the slow and obvious way."""

from fractions import Fraction


class NaiveOrder:
    def __init__(self, amount, given, spent):
        self.amount = Fraction(str(amount))
        self.given = Fraction(str(given))
        self.spent = Fraction(str(spent))
        self.notes = {}  # amount of each credit note that is posted
        self.cancelled = False
        self.taken = self.missed = self.returned = Fraction(0)

    @property
    def share(self):
        if self.cancelled:
            return Fraction(1)
        return min(Fraction(1), sum(self.notes.values(), Fraction(0)) / self.amount)


class NaivePoints:
    """Every change of an order settles that order, from what its notes say now."""

    def __init__(self):
        self.balance = Fraction(0)
        self.orders = []

    def buy(self, amount, given, spent):
        self.orders.append(NaiveOrder(amount, given, spent))
        self.balance += Fraction(str(given)) - Fraction(str(spent))

    def credit(self, number, note, amount):
        self.orders[number].notes[note] = Fraction(str(amount))
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
        # what was spent comes back, whole cents of it; or goes again
        back = self._cents(order.spent * order.share) - order.returned
        if back < 0:
            back = -min(-back, self.balance)
        order.returned += back
        self.balance += back
        # what was given goes, as far as it is there
        due = self._cents(order.given * order.share)
        change = due - order.taken - order.missed
        if change >= 0:
            take = min(change, self.balance)
            order.missed += change - take
        else:
            forgotten = min(-change, order.missed)
            order.missed -= forgotten
            take = change + forgotten
        order.taken += take
        self.balance -= take

    @staticmethod
    def _cents(points):
        return Fraction(points * 100 // 1, 100)
