# Short names for commands. All tests run under `go test`.

GO       ?= go
FUZZTIME ?= 30s
PREFIX   ?= /usr/local
CEREMONY ?= examples/root-2026/ceremony.yaml

# Tools run by version and stay out of the product's go.mod.
GOLANGCI    = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEADCODE    = golang.org/x/tools/cmd/deadcode@v0.52.0
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0

BUILD = $(GO) build -trimpath -ldflags="-s -w"

.PHONY: help build install build-auditor rehearse test test-crash test-orders test-mutants test-tables test-corpora test-modules test-examples check fmt vet lint dead rooms golden fuzz bench vuln repro needs clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

build: ## build bin/ceremony, with PKCS#11 if there is a C compiler
	@$(BUILD) -o bin/ceremony ./cmd/ceremony

install: build ## install bin/ceremony in PREFIX/bin, with completion for bash
	install -D -m 755 bin/ceremony "$(DESTDIR)$(PREFIX)/bin/ceremony"
	install -d "$(DESTDIR)$(PREFIX)/share/bash-completion/completions"
	bin/ceremony completion bash >"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ceremony"

build-auditor: ## build dist/, without PKCS#11, for Linux, macOS and Windows
	@tools/build-auditor dist

rehearse: build ## rehearse a whole ceremony on software tokens, in a new folder below out/
	@tools/rehearse bin/ceremony $(CEREMONY)

# Tests make and forget many short-lived values: collecting them less often saves a
# tenth of the time. They write a hundred thousand small files and sync each: in memory
# that takes half of the time that the system needs. TMPDIR=/tmp make test has them on disk.
test: needs ## install what the tests need, then run vet and all tests
	$(GO) vet ./...
	GOTMPDIR="$${TMPDIR:-/tmp}" TMPDIR="$$(tools/scratch)" GOGC=400 $(GO) test -vet=off -timeout 14m ./...

test-crash: needs ## test resume after a crash at every write, every token call and every call of a module
	CEREMONY_CRASH=all $(GO) test -count=1 -timeout 90m -run 'TestCrash|TestResume' ./ceremony/run

test-sweeps: ## hold schemas and verify to every single fault, and plan all that init offers; takes minutes
	CEREMONY_SWEEPS=all $(GO) test -count=1 ./ceremony/schema ./ceremony/create
	CEREMONY_SWEEPS=all $(GO) test -count=1 -run 'TestMutations|TestByHand|TestNotCheckedByHand|TestRehearseExamples' ./ceremony/run

test-orders: ## plan, rehearse and verify each ceremony file with each step removed, swapped or changed
	CEREMONY_ORDERS=all $(GO) test -count=1 -timeout 30m -run 'TestOrders|TestMutantsAreTold' ./ceremony/verify

test-mutants: ## list branches of the lint rules that no test misses; takes minutes
	$(GO) run ./tools/mutants

test-tables: ## list tables of verify, transcripts and approval that no test misses; takes minutes
	$(GO) run ./tools/tables

test-corpora: ## compare our verdicts with those on what others published, in CORPORA=FOLDER
	CEREMONY_CORPORA="$(CORPORA)" $(GO) test -count=1 -run TestCorpora ./lint/files

test-forger: ## change, drop and double every field of every kind of line of a record, or CHANGES=PATTERN; takes minutes
	CEREMONY_FORGER='$(or $(CHANGES),all)' $(GO) test -count=1 -timeout 60m -run 'TestForger' ./ceremony/run

test-modules: build ## also test tokens, rehearse and run on opencryptoki, NSS and a TPM; as root, on a test machine
	@tools/modules bin/ceremony

test-examples: ## before a release: were the shipped bundles linted by the rules of today? if not, make golden
	CEREMONY_EXAMPLES=today $(GO) test -count=1 -run TestShippedBundles ./cmd/internal/cli

check: fmt vet lint dead rooms test ## all checks; run it before you send a change

fmt: ## list files that need gofmt
	@files="$$(gofmt -l $$(find . -name '*.go' -not -path './out/*'))"; \
	if [ -n "$$files" ]; then echo "run gofmt -w on:"; echo "$$files"; exit 1; fi

vet:
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet ./...

lint: ## run golangci-lint at its pinned version
	$(GO) run $(GOLANGCI) run

dead: ## list functions that the product never calls
	@tools/dead $(DEADCODE)

rooms: ## test the import table and the other policies, without the cache
	$(GO) test -count=1 .

golden: ## regenerate the expected outputs of tests; read the diff
	@tools/golden

fuzz: ## run every fuzz target for FUZZTIME
	@tools/fuzz $(FUZZTIME)

bench: ## run every benchmark
	$(GO) test -run '^$$' -bench . -benchmem ./...

vuln: ## run govulncheck; needs access to its database
	@tools/vuln $(GOVULNCHECK)

repro: ## build twice in different folders and compare the bytes
	@tools/repro

needs: ## install the programs that the tests call
	@tools/needs softhsm2-util:softhsm2 openssl:openssl jq:jq ssh-keygen:openssh-client "gcc:gcc libc6-dev" sha256sum:coreutils /usr/sbin/update-ca-certificates:ca-certificates

clean: ## remove builds; keep the bundles in out/
	rm -rf bin dist
