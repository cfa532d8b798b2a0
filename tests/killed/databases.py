"""Copies of the test database with a company whose runs are killed."""

import odoo.sql_db
import odoo.tools

from scripts.dev import databases

from . import company, processes


class Databases:
    """
    :param work: a company with a first run and news, restored before each test
    """

    def __init__(self, folder):
        [source] = odoo.tools.config["db_name"]
        self.source, self.work, self.loud = source, f"{source}_kw", f"{source}_kl"
        self.folder, self.log = folder, folder / "odoo.log"
        self._forks = {}

    def __enter__(self):
        company.copy(self.source, self.work)
        company.generate(self.work)
        forks = self.fork(self.work)
        # after the first run a second one reads everything, too
        first_day = processes.options(day=company.FIRST_DAY.isoformat())
        forks.run(first_day)
        company.ask(self.work, full=True)
        forks.run(first_day)
        company.add_news(self.work)
        company.keep(self.work)
        return self

    def __exit__(self, *_error):
        for forks in self._forks.values():
            forks.end()
        for name in (self.work, self.loud):
            odoo.sql_db.close_db(name)
            databases.drop(name)

    def fork(self, name):
        """The process that forks workers of a database; it is started once."""
        if name not in self._forks:
            self._forks[name] = processes.Forks(name, self.log)
        return self._forks[name]

    def listen(self):
        """Workers of a company with an automation that hears of transitions."""
        if self.loud not in self._forks:
            company.restore(self.work)
            company.copy(self.work, self.loud)
            self.fork(self.loud).run(processes.options(call="listen"))
            self._forks.pop(self.loud).end()
        return self.fork(self.loud)
