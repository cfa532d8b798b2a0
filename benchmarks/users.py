"""Eight users who work: they confirm quotations and edit contacts.

    python -m benchmarks.users DATABASE

A process of its own, as the web workers are beside the one that runs the scheduled
actions.  Each user is a thread with customers nobody else touches, so that users
never conflict with each other.  "start" on the input lets them work, "stop" ends it
and sends what happened.
"""

import functools
import sys
import threading
import time

import odoo.api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from . import child, session

CUSTOMERS_EACH = 40
# Between two clicks.  Together they keep about one core busy.
THINK_SECONDS = 0.25


class User(threading.Thread):
    """One user; ``samples`` has (what, seconds, tries, error) of each request."""

    def __init__(self, name, uid, customers, stop):
        super().__init__(daemon=True)
        self.database, self.uid, self.customers, self.stop = name, uid, customers, stop
        self.samples = []

    def run(self):
        number = 0
        while not self.stop.is_set():
            customer = self.customers[number % len(self.customers)]
            created = self.request("quote", self._quote, customer)
            if created:
                self.request("confirm", self._confirm, created)
            self.request("edit", self._edit, customer, number)
            number += 1

    def request(self, what, action, *arguments):
        """One RPC request: a cursor of its own and Odoo's own way of trying again."""
        tries = []
        began = time.perf_counter()
        result = error = None
        try:
            with Registry(self.database).cursor() as cr:
                env = odoo.api.Environment(cr, self.uid, {})

                def attempt():
                    tries.append(1)
                    return action(env, *arguments)

                result = retrying(attempt, env)
        except Exception as problem:  # noqa: BLE001 every failure counts
            error = f"{type(problem).__name__}: {problem}".splitlines()[0]
        seconds = time.perf_counter() - began
        self.samples.append((what, seconds, len(tries), error))
        self.stop.wait(THINK_SECONDS)
        return result

    @staticmethod
    def _quote(env, customer):
        return session.create_quotation(env, customer).id

    @staticmethod
    def _confirm(env, order):
        env["sale.order"].browse(order).action_confirm()

    @staticmethod
    def _edit(env, customer, number):
        partner = env["res.partner"].browse(customer)
        partner.write(
            {
                "phone": f"+1555{number:07}",
                "street": f"{number} Harbour Street",
                "comment": f"<p>Called {number} times</p>",
            }
        )


def get_customers(first, number):
    """Ids of the customers of one user."""
    start = first + number * CUSTOMERS_EACH
    return range(start, start + CUSTOMERS_EACH)


def main(name):
    session.configure(name)
    with session.opened(name) as env:
        first = session.get_first_customer(env)
        uids = session.get_users(env).ids
    # the first requests of a process fill its caches
    stop = threading.Event()
    start = functools.partial(_start, name, uids, first)
    users = start(stop)
    time.sleep(2)
    _end(users, stop)
    child.answer({"users": len(uids)})
    for line in sys.stdin:
        if line.strip() == "start":
            stop = threading.Event()
            users = start(stop)
        elif line.strip() == "stop":
            child.answer(_end(users, stop))


def _start(name, uids, first, stop):
    users = [
        User(name, uid, get_customers(first, number), stop)
        for number, uid in enumerate(uids)
    ]
    for user in users:
        user.start()
    return users


def _end(users, stop):
    stop.set()
    for user in users:
        user.join()
    return [sample for user in users for sample in user.samples]


if __name__ == "__main__":
    child.run(main)
