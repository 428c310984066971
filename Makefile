# Everything is in tasks.py, which also serves where there is no make.
PYTHON ?= python3

.PHONY: help report test mutants consent failures lab docs clean lock
help report test mutants consent failures lab docs clean lock:
	@$(PYTHON) tasks.py $@
.DEFAULT_GOAL := help
