# psrun on Debian: `make run` shows it at work, `make test` proves it.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
JOBS ?= $(shell nproc)

# What the program is built from, and what its tests meet: real peers, none of them ours.
BUILD_PACKAGES := libssh-dev libarchive-dev libssl-dev libpcre2-dev libzstd-dev pkg-config
TEST_PACKAGES := patch openssh-server openssh-client iproute2 zstd asciinema python3-venv procps bsdutils groff-base zsh fish busybox-static \
    chromium fonts-dejavu-core shellcheck

.PHONY: run test lint bench docs release install uninstall clean build-deps test-deps

run: build-deps
	$(SWIFT) build -j $(JOBS) --product psrun
	.build/debug/psrun playbooks/first-check.ps1 --any-shell
	.build/debug/psrun replay last --instant
	@echo "That was a session, and its recording replayed. Next: .build/debug/psrun show last, or --help."

test: build-deps test-deps lint
	Tests/Peers/setup.sh
	$(SWIFT) build -j $(JOBS) --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test -j $(JOBS) --skip-build --no-parallel

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

bench: test-deps .build/release/psrun
	Tests/Peers/setup.sh
	Tests/Benchmarks/run.sh

docs:
	Sources/psrun/psrun.docc/build.sh

# Built without root's rights and PATH; `sudo make install` only copies.
release: .build/release/psrun

.build/release/psrun: Package.swift $(shell find Sources -name '*.swift' -o -name '*.[ch]' -o -name '*.modulemap' -o -path '*/Page/*') | build-deps
	$(SWIFT) build -j $(JOBS) -c release --static-swift-stdlib --product psrun
	touch $@

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
