# Every target is a command of scripts/dev (python -m scripts.dev TARGET). Variables
# given on the command line reach it as environment, untouched by the shell.

dev = @python=$$(scripts/find-python) && exec "$$python" -m scripts.dev

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: db shell setup

setup: ; $(dev) setup
db: ; $(dev) db
shell: ; $(dev) shell
