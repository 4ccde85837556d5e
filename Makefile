# Everything that is done with this project. `make help` explains.
PYTHON ?= python3
BIND ?= 127.0.0.1:8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help setup run test lint browser quality bench crash clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: .venv/installed .env ## all that `make run` needs: packages, keys, database, catalogue, model, demo
	@$(MANAGE) prepare

run: setup ## the whole system on this machine; Ctrl-C stops it (BIND=host:port to move it)
	@exec $(MANAGE) serve --bind $(BIND)

test: .venv/tested browser lint ## lint, types, import contracts and every test
	$(BIN)/pytest -n auto

lint: .venv/tested ## style, types and import contracts alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy catalog routing hotline
	$(BIN)/lint-imports

browser: ## the browser that the tests drive, installed when it is missing
	@tests/browser/install.sh

quality: setup ## every figure of the router (FILES="--calls F.jsonl ..." measures texts from elsewhere too)
	@$(MANAGE) measure_quality $(FILES)

bench: .venv/installed .env ## how fast every part is, in a database of its own (DATABASE_URL, else SQLite in var/bench, 4 GB for a while)
	@mkdir -p var/bench var/models && ln -sfn ../models var/bench/models
	@for what in route suggest create queue board sweep; do \
		VAR_DIR=var/bench $(MANAGE) bench $$what --json || exit 1; done
	@rm -r var/bench

crash: .venv/installed ## kill worker, beat, Redis and database at random: nothing lost, nothing twice (8 minutes)
	@$(BIN)/python tests/load/crash_run.py $(CRASH)

clean: ## remove everything that was made: packages, database, models, keys
	@printf 'This deletes .venv, .env and var/ with all data. Type yes: ' && read answer && [ "$$answer" = yes ]
	rm -rf .venv .env var

.venv/installed: requirements.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/tested: requirements.txt tests/requirements.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -r tests/requirements.txt
	@touch $@ .venv/installed

.env:
	@$(PYTHON) -c "$$WRITE_ENV"
	@echo "wrote .env with fresh keys"

# The example with the two keys filled in and the data marked as a sample.
define WRITE_ENV
import base64, os, secrets
text = open(".env.example").read()
text = text.replace("SECRET_KEY=\n", f"SECRET_KEY={secrets.token_urlsafe(50)}\n")
text = text.replace("FIELD_KEY=\n", f"FIELD_KEY={base64.urlsafe_b64encode(os.urandom(32)).decode()}\n")
text = text.replace("SAMPLE_DATA=0\n", "SAMPLE_DATA=1\n")
handle = os.open(".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
os.write(handle, text.encode())
endef
export WRITE_ENV
