# Every target that a newcomer needs; `make help` lists them.
GO      ?= go
DATA    ?= var
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
AXE     := 4.10.3

.DEFAULT_GOAL := help

##@ Use
.PHONY: run
run: build ## Build and start the demo: provider, demo shop and virtual phone
	@bin/ringtail demo --data $(DATA)

.PHONY: build
build: ## Build bin/ringtail
	@command -v gcc >/dev/null || { echo "Ringtail needs a C compiler for SQLite: apt-get install gcc libc6-dev"; exit 1; }
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/ringtail ./cmd/ringtail

##@ Develop
.PHONY: test
test: chromium ## Run every test but the screens, with the race detector
	$(GO) test -race -timeout 14m -skip '^TestScreens' ./...

.PHONY: test-screens
test-screens: chromium ## Look at every screen in Chromium: axe-core, sizes, languages, walks through the demo
	$(GO) test -race -timeout 14m -run '^TestScreens' ./cmd/ringtail

.PHONY: lint
lint: ## Check format, vet and staticcheck
	@unformatted="$$(gofmt -l $$(git ls-files '*.go'))"; [ -z "$$unformatted" ] || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

.PHONY: bench
bench: ## Measure the server's processor time per login, token request, call request and loop run
	$(GO) run ./bench

.PHONY: golden
golden: ## Write golden files, generated reference pages and screenshots anew
	$(GO) test $$(git grep -l 'flag.Bool("update"' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|') -update

.PHONY: assets
assets: ## Fetch axe-core, which the browser tests check pages with, anew (needs npm)
	@command -v npm >/dev/null || { echo "make assets needs npm: apt-get install npm"; exit 1; }
	@dir="$$(mktemp -d)" && trap 'rm -rf "$$dir"' EXIT && npm pack --silent --pack-destination "$$dir" axe-core@$(AXE) >/dev/null && \
	  tar -xzf "$$dir"/axe-core-$(AXE).tgz -C "$$dir" && \
	  cp "$$dir"/package/axe.min.js "$$dir"/package/LICENSE "$$dir"/package/LICENSE-3RD-PARTY.txt cmd/ringtail/testdata/axe/

.PHONY: fuzz
fuzz: ## Run every fuzz target for half a minute
	@$(GO) list -f '{{.Dir}} {{.ImportPath}}' ./... | while read -r dir package; do \
	  for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$$dir"/*_test.go 2>/dev/null | cut -c6-); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 30s "$$package" || exit 1; done; done

.PHONY: chromium
chromium: # The browser tests need Debian's Chromium
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "The browser tests need Chromium: installing Debian's package."; \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "The browser tests need Chromium: apt-get install chromium"; exit 1; fi; }

.PHONY: clean
clean: ## Remove what was built and the demo's data
	rm -rf bin var

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
