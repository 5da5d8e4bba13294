# psrun on Debian: `make run` shows it at work, `make test` proves it.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
JOBS ?= $(shell nproc)
# The toolchain's own, which knows how Swift calls.
CLANG ?= $(dir $(shell readlink -f "$$(command -v $(SWIFT))"))clang

# What the program is built from, and what its tests meet: real peers, none of them ours.
BUILD_PACKAGES := libssh-dev libarchive-dev libssl-dev libpcre2-dev libyaml-dev libzstd-dev libvirt-dev nettle-dev libgmp-dev libkrb5-dev pkg-config
TEST_PACKAGES := patch openssh-server openssh-client iproute2 zstd asciinema python3-venv python3-dev procps bsdutils groff-base zsh fish mksh ksh93u+m yash posh tcsh busybox-static \
    chromium fonts-dejavu-core shellcheck cron systemd util-linux tzdata prometheus-node-exporter \
    munge slurmctld slurmd slurm-client dpkg-dev lintian pdsh podman runc conmon qemu-system-x86 xz-utils \
    krb5-kdc krb5-admin-server krb5-user gss-ntlmssp python3-gssapi openssl apache2-bin lighttpd lighttpd-mod-openssl

.PHONY: run test torture kills tsan asan lint bench docs docs-if-possible release endpoint deb install uninstall clean build-deps test-deps

run: build-deps
	$(SWIFT) build -j $(JOBS) --product psrun
	.build/debug/psrun playbooks/first-check.ps1 --any-shell
	.build/debug/psrun replay last --instant
	@echo "That was a session, and its recording replayed. Next: .build/debug/psrun show last, or --help."

test: build-deps test-deps lint docs-if-possible endpoint
	Tests/Peers/setup.sh
	$(SWIFT) build -j $(JOBS) --build-tests --explicit-target-dependency-import-check error
	SHORT=1 Tests/Benchmarks/run.sh
	.ci/run-tests .build/test.log -j $(JOBS) --skip-build --no-parallel

# Faults between psrun and a far side, for so many seconds: PSRUN_SEED=7 make torture FOR=3600
FOR ?= 600

torture: build-deps test-deps
	Tests/Peers/setup.sh
	$(SWIFT) build -j $(JOBS) --build-tests
	PSRUN_TORTURE=$(FOR) .ci/run-tests .build/torture.log --skip-build --filter TortureTests

# SIGKILLs at moments that nobody chose, each run continued until nothing is left: PSRUN_SEED=7 make kills KILLS=1000
KILLS ?= 200

kills: build-deps test-deps
	$(SWIFT) build -j $(JOBS) --build-tests
	PSRUN_KILLS=$(KILLS) .ci/run-tests .build/kills.log --skip-build --filter KilledFleetTests

# The suite under ThreadSanitizer or AddressSanitizer, psrun as the tests start it included. What only drives programs
# for minutes is left out, and so is what bounds a stack, memory or CPU, of which a sanitizer takes more.
SANITIZED := --skip IntegrationTests --skip HouseTests --skip MutationTests --skip MemoryTests \
    --skip theGreatestDepthFitsASmallStack --skip unreadTextCostsLittleMemory --skip veryManyAttributes \
    --skip TortureTests

tsan: build-deps test-deps
	Tests/Peers/setup.sh
	mkdir -p .build
	$(CLANG) -Wall -Wextra -O1 -fPIC -c -o .build/tsan_mutex.o Tests/Sanitizers/tsan_mutex.c
	$(SWIFT) build -j $(JOBS) --build-tests --sanitize=thread --scratch-path .build/tsan -Xlinker $(CURDIR)/.build/tsan_mutex.o
	.ci/run-tests .build/tsan.log --skip-build --sanitize=thread --scratch-path .build/tsan --no-parallel $(SANITIZED) \
	    --skip aFileThatMayNotGrow # which bounds the size of files, and so the sanitizer's memory

asan: build-deps test-deps
	Tests/Peers/setup.sh
	$(SWIFT) build -j $(JOBS) --build-tests --sanitize=address --scratch-path .build/asan
	ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 \
	    .ci/run-tests .build/asan.log --skip-build --sanitize=address --scratch-path .build/asan --no-parallel $(SANITIZED)

lint:
	@.ci/install-packages shellcheck
	.ci/lint-scripts
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

bench: test-deps .build/release/psrun
	Tests/Peers/setup.sh
	Tests/Benchmarks/run.sh

docs:
	Sources/psrun/psrun.docc/build.sh

# A toolchain may come without docc.
docs-if-possible:
	Sources/psrun/psrun.docc/build.sh --if-possible

# Built without root's rights and PATH; `sudo make install` only copies.
release: .build/release/psrun

.build/release/psrun: Package.swift $(shell find Sources -name '*.swift' -o -name '*.[ch]' -o -name '*.modulemap' -o -path '*/Page/*') | build-deps
	$(SWIFT) build -j $(JOBS) -c release --static-swift-stdlib --disable-local-rpath --product psrun
	touch $@

# One file that any Linux of this architecture runs.
ENDPOINT := .build/endpoint/release/psrun-endpoint

endpoint: $(ENDPOINT)

$(ENDPOINT): Package.swift $(shell find Sources -name '*.swift' -o -name '*.[ch]' -o -name '*.modulemap') | build-deps
	$(SWIFT) build -j $(JOBS) -c release --static-swift-stdlib -Xswiftc -static-executable --disable-local-rpath \
	    --product psrun-endpoint --scratch-path .build/endpoint
	touch $@

deb: release endpoint
	@.ci/install-packages dpkg-dev lintian
	packaging/build-deb .build/release/psrun $(ENDPOINT) .build/deb
	lintian --allow-root --fail-on error,warning .build/deb/*.deb

install: .build/release/psrun
	install -D -m 0755 .build/release/psrun $(DESTDIR)$(PREFIX)/bin/psrun
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	.build/release/psrun manual >$(DESTDIR)$(PREFIX)/share/man/man1/psrun.1
	.build/release/psrun completions bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/psrun
	.build/release/psrun completions zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_psrun
	.build/release/psrun completions fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/psrun.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/psrun \
	    $(DESTDIR)$(PREFIX)/share/man/man1/psrun.1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/psrun \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_psrun \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/psrun.fish

clean:
	rm -rf .build .venv

build-deps:
	@.ci/install-packages $(BUILD_PACKAGES)

test-deps:
	@.ci/install-packages $(TEST_PACKAGES)
