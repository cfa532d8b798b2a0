# Every target is a command of scripts/dev. Variables given on the command line reach it
# as environment and are never put through a shell.

dev = @python=$$(scripts/find-python) && exec "$$python" -B -m scripts.dev $@

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run stop test test-fast core-tests bridges lint format db shell import score \
	bench quality translations screenshots docker setup clean

help:       ## this list
	@echo 'make TARGET [NAME=value ...]'; echo
	@sed -n 's/^\([a-z-]*\): *## \(.*\)/  \1\t\2/p; s/^ *##  \(.*\)/  \t\1/p' \
		$(MAKEFILE_LIST) | expand -t 16
	@echo; echo 'Everything lands in .local/. PYTHON=, ODOO_HOME= and PGHOST= (PGPORT=,'
	@echo 'PGUSER=, PGPASSWORD=) put an existing Python, Odoo 19.0 or PostgreSQL in place'
	@echo 'of the ones set up here.'

run:        ## set up, build the demo company and start Odoo (admin / admin)
            ##  PORT=8069  DB=lifecycle  DATA=cdnow (real purchases instead)
            ##  NEIGHBOURS=1 (helpdesk, point of sale, email marketing, web shop too)
	$(dev)

stop:       ## stop Odoo, and PostgreSQL if nothing else here uses it
	$(dev)

test:       ## lint, kernel tests, Odoo tests, browser tours; on a database of its own
	$(dev)

test-fast:  ## tests on a database that is kept: seconds instead of minutes
            ##  T='addons/lifecycle_crm/tests/test_rfm.py -k window'
            ##  T=tests/test_killed_runs.py KILLS=30 (runs killed 30 times)
	$(dev)

core-tests: ## Odoo's own tests of what we extend, without and with our addons
            ##  FRESH=1 runs the half without our addons again  T=crm,sale (a part)
            ##  NEIGHBOURS=1 (helpdesk, point of sale, email marketing, ...)
	$(dev)

bridges:    ## none, each bridge alone, all: installed, updated, a night, uninstalled
            ##  T=none,lifecycle_pos,all (some of them)  KEEP=1 (leaves the databases)
	$(dev)

lint:       ## ruff and pylint-odoo
	$(dev)

format:     ## let ruff mend what it can
	$(dev)

db:         ## build a database, dropping one of that name
            ##  DB=name  MODULES=a,b (our addons)  DEMO=0 (no demo data)
            ##  NEIGHBOURS=1 (the bridges too)
	$(dev)

shell:      ## an Odoo shell; a script on standard input is run
            ##  DB=lifecycle
	$(dev)

import:     ## import purchases: customer,date,amount[,currency][,reference]
            ##  FILE=transactions.csv  DB=lifecycle
	$(dev)

score:      ## facts and scores of every customer as of a day, as CSV
            ##  OUT=scores.csv (- is the output)  DB=lifecycle
            ##  AS_OF=2026-03-31 (today)  COMPANY=name (all)
            ##  HORIZON=91 (days that the churn probability stands for)
	$(dev)

bench:      ## measure the engine
            ##  SIZE=20k (200k, 1m)  OUT=result.json  TIERS=1 (what tiers cost)
            ##  PLAYS=1 (what entering plays and their results cost)
            ##  COMPARE='20k.json 200k.json 1m.json' (growth)
	$(dev)

quality:    ## how good the models of churn and value are: docs/model-quality.md
            ##  FILE=transactions.csv  HORIZON=90  AS_OF=2026-03-31 (your purchases)
	$(dev)

translations: ## write the terms of all addons and say what is not translated
	$(dev)

screenshots: ## every screen, in two sizes and three languages, and what is wrong there
            ##  NAMES='dashboard club' (some)  OUT=folder  NEIGHBOURS=1
	$(dev)

docker:     ## build the image of docker/ and start its services, without Docker (root)
	$(dev)

setup:      ## fetch and install everything, start PostgreSQL, nothing more
	$(dev)

clean:      ## remove .local/: downloads, databases, all of it
	$(dev)
