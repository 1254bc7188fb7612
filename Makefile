# Thin: what does the work stands in tools/setup.sh (packages), meson.build (the binary), web/ (the page)
# and tests/run.mjs (the suites). `make help` says what there is.
BUILD  := build
BIHUAN := $(BUILD)/bihuan
DATA   ?= data
LISTEN ?= 127.0.0.1:8212
JOBS   ?= $(shell nproc 2>/dev/null || echo 2)

# Made beside and moved into place, so that half a city is never served.
DEMO = test -e $(DATA) || { echo "==> making the demo city in $(DATA)/"; rm -rf $(DATA).new; \
	$(BIHUAN) demo --data $(DATA).new && mv $(DATA).new $(DATA); }

.DEFAULT_GOAL := all
.PHONY: all run test dev check bench fuzz drain help clean web lists binary setup-run setup-test setup-check

all: setup-run binary ## build build/bihuan with the page in it

run: setup-run binary ## install what is missing, build, make ./data with the demo city, serve it
	@$(DEMO)
	@exec $(BIHUAN) serve --data $(DATA) --listen $(LISTEN)

test: setup-test binary ## install what the tests need and run every suite
	@node tests/run.mjs --build $(BUILD)

dev: setup-run binary ## the page with hot reload on port 5173, passed on to the server on $(LISTEN)
	@$(DEMO)
	@$(BIHUAN) serve --data $(DATA) --listen $(LISTEN) & server=$$!; \
	trap 'kill $$server' EXIT INT TERM; cd web && npm run dev

check: setup-check binary ## layers, catalogs, clang -Werror, ASan+UBSan, TSan
	@tools/check.sh $(BUILD)

bench: setup-test binary ## one table of ratios; asserts nothing about time
	@ninja -C $(BUILD) --quiet bench-programs && node tests/bench/run.mjs --build $(BUILD)

fuzz: setup-check ## libFuzzer on every reader of hostile bytes, SECONDS=60 each
	@tests/fuzz/run.sh $${SECONDS_EACH:-60}

drain: setup-test binary ## 500 findings and 1,000 photos from the page through a server killed three times
	@node tests/browser/drain.mjs --binary $(BIHUAN)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Variables: DATA=$(DATA) LISTEN=$(LISTEN)"

clean: ## remove what was built (never ./data)
	rm -rf $(BUILD) build-* web/dist

setup-run:
	@tools/setup.sh run
setup-test:
	@tools/setup.sh test
setup-check:
	@tools/setup.sh check

web:
	@tools/web.sh
lists:
	@tools/data.sh

binary: web lists
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) --buildtype=release -Db_ndebug=false >$(BUILD).log 2>&1 \
		|| { cat $(BUILD).log; exit 1; }; rm -f $(BUILD).log
	@ninja -C $(BUILD) -j $(JOBS) --quiet
