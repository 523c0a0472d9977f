# Every target that a newcomer needs; `make help` lists them.
GO      ?= go
DATA    ?= var
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
# Not from the environment, where LDFLAGS are those of C.
BINARY  := bin/ringtail
LDFLAGS :=
# How SQLite is compiled, in tests as in what ships: decision 44.
export CGO_CFLAGS ?= -O2 -g -DHAVE_FDATASYNC=1 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_SHARED_CACHE
# What ships is compiled by cmd/ringtail/default.pgo; tests would compile everything twice.
export GOFLAGS := $(GOFLAGS) -pgo=off
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
AXE     := 4.10.3
ESBUILD := github.com/evanw/esbuild/cmd/esbuild@v0.28.2
OAUTH2_PROXY := v7.15.6
KUBELOGIN := v1.28.0
CLIENTS := bin/clients
# The packages of test-loops: each runs worker processes for a minute or more.
SANDBOX := /loops/(sandbox|java|drivers)$$
CLIENTS_NPM := cmd/ringtail/realclients/testdata/npm

.DEFAULT_GOAL := help

##@ Use
.PHONY: run
run: build ## Build and start the demo: provider, demo shop and virtual phone
	@$(BINARY) demo --data $(DATA)

.PHONY: build
build: ## Build bin/ringtail
	@command -v gcc >/dev/null || { echo "Ringtail needs a C compiler for SQLite: apt-get install gcc libc6-dev"; exit 1; }
	$(GO) build -pgo=auto -trimpath -ldflags "$(LDFLAGS) -X main.version=$(VERSION)" -o $(BINARY) ./cmd/ringtail

##@ Develop
.PHONY: test
test: chromium postgres ## Run every test but those of the targets below, with the race detector
	$(GO) test -race -timeout 14m -skip '^TestScreens|^TestConsole|^TestAttacks|^TestAMove|^TestMoves' $$($(GO) list ./... | grep -vE '$(SANDBOX)')

.PHONY: test-loops
test-loops: ## Run the sandbox's hostile scripts, the Java translator's tests and those of every driver that ships
	$(GO) test -race -timeout 14m -skip 'MeanWhatJavaMeans$$' $$($(GO) list ./... | grep -E '$(SANDBOX)')

.PHONY: test-attacks
test-attacks: postgres ## Play attacks on the call's limits (a day of each on SQLite, some hours on PostgreSQL), on callers and numbers
	$(GO) test -race -timeout 14m -run '^TestAttacks' ./idp/store ./cmd/ringtail

.PHONY: test-moves
test-moves: postgres ## Move databases to and fro between SQLite and PostgreSQL, under load, broken off, by two at once
	$(GO) test -race -timeout 14m -run '^TestAMove|^TestMoves' ./idp/store

.PHONY: test-java
test-java: ## Compare Java procedures with what a JDK makes of them (skipped where there is none)
	$(GO) test -race -timeout 14m -run 'MeanWhatJavaMeans$$' ./loops/java

.PHONY: test-screens
test-screens: chromium ## Look at every screen in Chromium: axe-core, sizes, languages, walks through the demo
	$(GO) test -race -timeout 14m -run '^TestScreens' ./cmd/ringtail

.PHONY: test-console
test-console: chromium ## Walk through the administrators' console in Chromium: the driver editor, axe-core, keyboard
	$(GO) test -race -timeout 14m -run '^TestConsole' ./cmd/ringtail

.PHONY: test-clients
test-clients: build clients ## Sign in through real clients: libraries, a proxy, a module of Apache
	RINGTAIL_CLIENTS=1 $(GO) test -count=1 -timeout 8m ./cmd/ringtail/realclients

.PHONY: test-faults
test-faults: build ## Kill nodes, fill disks, take databases and providers away, and see that nothing is lost
	RINGTAIL_FAULTS=1 $(GO) test -count=1 -v -timeout 30m ./cmd/ringtail/faults

.PHONY: test-deploy
test-deploy: build deploy-tools ## Run what deploy/ has: nginx and HAProxy in front of three nodes on PostgreSQL, the unit under systemd; read the manifests as Kubernetes does
	RINGTAIL_DEPLOY=1 RINGTAIL_POSTGRES=require $(GO) test -count=1 -timeout 10m ./deploy
	$(GO) test -C deploy/kubernetes/testdata/check -count=1 -timeout 10m ./...

.PHONY: lint
lint: ## Check format, vet and staticcheck
	@unformatted="$$(gofmt -l $$(git ls-files '*.go'))"; [ -z "$$unformatted" ] || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

.PHONY: bench
bench: ## Put load on a server and measure its processor time per operation; ARGS="--floor --for 5s" and others: go run ./bench --help
	$(GO) run ./bench $(ARGS)

.PHONY: profile
profile: ## Measure every flow, and write the profile that make build compiles by
	@dir="$$(mktemp -d)" && trap 'rm -rf "$$dir"' EXIT && \
	  $(GO) run ./bench --at-once 16 --for 15s --starts 0 --cpuprofile "$$dir" && \
	  $(GO) test -run '^$$' -bench '^BenchmarkStep$$' -benchtime 10s -cpuprofile "$$dir/step.pprof" -o "$$dir/test" ./loops/engine && \
	  $(GO) run ./bench profile "$$dir" cmd/ringtail/default.pgo

.PHONY: golden
golden: ## Write golden files, generated reference pages and screenshots anew
	$(GO) test $$(git grep -l 'flag.Bool("update"' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|') -update

.PHONY: assets
assets: npm ## Make the driver editor's script anew from its locked packages, and fetch axe-core, which browser tests check pages with
	@$(MAKE) --no-print-directory editor INTO=$(CURDIR)/static/files
	@dir="$$(mktemp -d)" && trap 'rm -rf "$$dir"' EXIT && npm pack --silent --pack-destination "$$dir" axe-core@$(AXE) >/dev/null && \
	  tar -xzf "$$dir"/axe-core-$(AXE).tgz -C "$$dir" && \
	  cp "$$dir"/package/axe.min.js "$$dir"/package/LICENSE "$$dir"/package/LICENSE-3RD-PARTY.txt cmd/ringtail/testdata/axe/

# The packages live in a folder that goes away again; the lock file holds their hashes.
.PHONY: editor
editor: npm
	@dir="$$(mktemp -d)" && trap 'rm -rf "$$dir"' EXIT && cp -R static/editor/. "$$dir" && cd "$$dir" && \
	  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error >/dev/null && \
	  GOFLAGS= $(GO) run $(ESBUILD) src/main.js --bundle --minify --format=iife --target=es2022 --charset=utf8 --legal-comments=none \
	    --banner:js='/* The driver editor: make assets makes this file of static/editor. Licences: editor.LICENSES.txt */' --log-level=warning --outfile="$(INTO)/editor.js" && \
	  LC_ALL=C sh licences.sh > "$(INTO)/editor.LICENSES.txt"

.PHONY: test-assets
test-assets: ## Compare the driver editor's script with what its packages give (skipped where there is no npm)
	@command -v npm >/dev/null || { echo "test-assets is skipped: there is no npm"; exit 0; }; \
	  dir="$$(mktemp -d)" && trap 'rm -rf "$$dir"' EXIT && $(MAKE) --no-print-directory editor INTO="$$dir" && \
	  for file in editor.js editor.LICENSES.txt; do cmp "$$dir/$$file" static/files/$$file || { echo "static/files/$$file is not what static/editor gives: make assets"; exit 1; }; done

.PHONY: npm
npm:
	@command -v npm >/dev/null || { echo "This needs npm: apt-get install npm"; exit 1; }

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

# PostgreSQL's own cluster isn't started: the tests make one.
.PHONY: deploy-tools
deploy-tools:
	@missing=""; \
	  command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	  command -v haproxy >/dev/null || missing="$$missing haproxy"; \
	  test -x /lib/systemd/systemd || missing="$$missing systemd"; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	  if [ -z "$$missing" ]; then exit 0; fi; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "The tests of deploy/ need Debian's$$missing: installing."; \
	    mkdir -p /etc/postgresql-common/createcluster.d && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/ringtail-tests.conf; \
	    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "The tests of deploy/ need Debian's packages: apt-get install$$missing"; exit 1; fi

# The tests start servers of their own: none is made or started at the installation.
.PHONY: postgres
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "The tests on PostgreSQL need its server: installing Debian's package."; \
	    mkdir -p /etc/postgresql-common/createcluster.d && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/ringtail-tests.conf; \
	    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null || echo "It could not be installed; going on without PostgreSQL."; \
	  else echo "Going on without the tests on PostgreSQL: apt-get install postgresql"; fi; }

# What can't be installed is told, and fails the test of that client alone.
.PHONY: clients
clients: debian-clients
	@$(MAKE) --no-print-directory -k $(CLIENTS)/npm/node_modules/.package-lock.json $(CLIENTS)/oauth2-proxy@$(OAUTH2_PROXY)/oauth2-proxy \
	  $(CLIENTS)/kubelogin@$(KUBELOGIN)/kubelogin || true

.PHONY: debian-clients
debian-clients:
	@missing=""; \
	  command -v chromium >/dev/null || missing="$$missing chromium"; \
	  command -v node >/dev/null && command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	  test -e /usr/lib/python3/dist-packages/authlib && test -e /usr/lib/python3/dist-packages/requests || missing="$$missing python3-authlib python3-requests"; \
	  test -e /usr/lib/apache2/modules/mod_auth_openidc.so || missing="$$missing apache2-bin libapache2-mod-auth-openidc"; \
	  if [ -z "$$missing" ]; then exit 0; fi; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "The client tests need Debian's$$missing: installing."; \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
	    echo "They could not be installed: apt-get install$$missing"; \
	  else echo "The client tests need Debian's packages: apt-get install$$missing"; fi

$(CLIENTS)/npm/node_modules/.package-lock.json: $(CLIENTS_NPM)/package.json $(CLIENTS_NPM)/package-lock.json
	@mkdir -p $(CLIENTS)/npm && cp $^ $(CLIENTS)/npm/
	npm ci --prefix $(CLIENTS)/npm --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
	@touch $@

$(CLIENTS)/oauth2-proxy@$(OAUTH2_PROXY)/oauth2-proxy:
	GOBIN=$(CURDIR)/$(@D) $(GO) install github.com/oauth2-proxy/oauth2-proxy/v7@$(OAUTH2_PROXY)

# From a module of its own: the proxy lists no versions of it, and go install wants the list.
$(CLIENTS)/kubelogin@$(KUBELOGIN)/kubelogin: cmd/ringtail/realclients/testdata/kubelogin/go.sum
	$(GO) build -C $(<D) -mod=readonly -o $(CURDIR)/$@ github.com/int128/kubelogin

.PHONY: clean
clean: ## Remove what was built and the demo's data
	rm -rf bin var

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
