# `make help` lists what there is. Needs a JDK 25 (found by bin/find-jdk), Maven and a POSIX shell.
.POSIX:
SHELL = /bin/sh
JDK = . ./bin/find-jdk && { find_jdk || { no_jdk make; exit 1; }; } && export JAVA_HOME="$$JDK" MAVEN_OPTS="$$JDK_MAVEN_OPTS"
MVN = $(JDK) && mvn -q -B $$([ -t 1 ] || echo -Dstyle.color=never)

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

build: ## Build target/skywire.jar
	@$(MVN) -Dmaven.test.skip=true package

run: ## A whole network on this machine, and a proxy through it; ARGS='--visors 12' passes options on
	@[ -r target/skywire.jar ] && [ -z "$$(find pom.xml src/main -newer target/skywire.jar)" ] || \
	    { echo "building (about 20 s)"; $(MAKE) -s build; }
	@./bin/skywire local $(ARGS)

test: ## All tests; T='XTest,YIT' picks some
	@rm -rf target/surefire-reports; $(MVN) test $(if $(T),-Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false) && ./tools/test-totals

quick: ## Unit, vector and property tests only
	@$(MVN) test -Dtest='*Test,*Properties' -Dtest.excluded='slow,whole' && ./tools/test-totals

seed: ## Replay one seed with its timeline: S=17 SCENARIO=whole-storm (LOG=FINE shows more)
	@$(MVN) test-compile && ./tools/test-main -Dskywire.sim.log=$(or $(LOG),INFO) skywire.sim.Replay '$(or $(SCENARIO),whole-kill-relay)' '$(S)'
.PHONY: seed

fuzz: ## Fuzz the decoders of what strangers send: SECONDS=20 each, T=yamux,gob picks some
	@$(MVN) test-compile && ./tools/test-main skywire.fuzz.Fuzz '$(or $(SECONDS),20)' '$(T)'
.PHONY: fuzz

soak: ## Keep a network busy and see what it leaves behind: MINUTES=10 S=<seed>; first SEEDS=1000 cold starts and LEGS=20 transfers, simulated
	@$(MVN) test-compile && ./tools/test-main skywire.soak.Soak '$(or $(MINUTES),10)' '$(S)' '$(or $(SEEDS),1000)' '$(or $(LEGS),20)'
.PHONY: soak

static: ## Formatter check, warnings as errors, Error Prone
	@$(MVN) -Pcheck spotless:check test-compile && echo "static checks passed"

check: static test guides ## Everything a change must pass

fmt: ## Format the sources
	@$(MVN) spotless:apply

bench: ## Measure; ROWS='word …' picks some, PEER=folder compares with the reference's programs
	@$(MVN) -DskipTests package
	@PEER='$(PEER)' ./tools/bench '$(ROWS)'

bench-mux: ## Measure groups of several legs, simulated and over loopback; ROWS='word …' picks some
	@$(MVN) test-compile && ./tools/test-main -Dskywire.sim.log=WARNING -Dskywire.bench.legs=$(or $(LEGS),false) skywire.bench.MuxBench '$(ROWS)'
.PHONY: bench-mux

guides: ## Run the commands in docs/guide and check the links of all pages
	@$(MVN) -Dmaven.test.skip=true package
	@./tools/guides

interop: ## Against the public reference node: PEER=<folder of its programs>
	@[ -z "$(PEER)" ] || { $(MVN) -DskipTests package; }
	@PEER='$(PEER)' ./tools/interop

dist: ## Make a release archive with its checksum in target/dist; DEPLOYMENT=file builds another deployment in
	@$(MVN) -Dmaven.test.skip=true package
	@DEPLOYMENT='$(DEPLOYMENT)' ./tools/dist

clean: ## Remove target/
	@rm -rf target

.PHONY: help build run test quick static check fmt bench guides interop dist clean
