# SPDX-License-Identifier: GPL-2.0
# Verbs for people.  What is built stands in Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
MODPROBE_D ?= /etc/modprobe.d
DESTDIR ?=

MODULE := netfront-hardened.ko
# What modprobe will look for; Debian's "make kernelrelease" says otherwise.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' \
	$(KDIR)/include/generated/utsrelease.h)
INSTALLED = $(DESTDIR)/lib/modules/$(RELEASE)/updates/$(MODULE)

.PHONY: all kunit-modules clean install uninstall demo bench bench-native \
	test lifecycle check kunit fuzz proof mutants hostile help need-headers

all: need-headers
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

kunit-modules: need-headers
	$(MAKE) -C $(KDIR) M=$(CURDIR) NFH_KUNIT=y modules

need-headers:
	@test -e $(KDIR)/include/generated/utsrelease.h || { \
		echo "No kernel headers in $(KDIR): run 'apt-get install linux-headers-$(KVER)', or give KDIR=<directory of the kernel's build>." >&2; \
		exit 1; }

clean:
	find . -path ./build -prune -o \( -name '*.o' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name 'Module.symvers' -o -name 'modules.order' \
		-o -name '.*.d' \) -type f -exec rm -f {} +
	rm -rf build .tmp_versions

# depmod is for the running system; a package (DESTDIR) runs its own.
install: all
	install -D -m 0644 $(MODULE) $(INSTALLED)
	install -D -m 0644 netfront-hardened.conf \
		$(DESTDIR)$(MODPROBE_D)/netfront-hardened.conf
	$(if $(DESTDIR),,depmod -a $(RELEASE))

uninstall: need-headers
	rm -f $(INSTALLED)
	rm -f $(DESTDIR)$(MODPROBE_D)/netfront-hardened.conf
	$(if $(DESTDIR),,depmod -a $(RELEASE))

demo:
	testbed/nfh-testbed demo

bench:
	testbed/nfh-testbed bench

bench-native:
	testbed/bench/native/run

test:
	testbed/nfh-testbed test

# KERNEL=6.12,debug TYPE=pv,pvh
lifecycle: export KERNEL := $(KERNEL)
lifecycle: export TYPE := $(TYPE)
lifecycle:
	testbed/nfh-testbed lifecycle

check:
	testbed/check/run

kunit:
	testbed/nfh-testbed kunit

fuzz:
	testbed/fuzz/run

proof:
	testbed/proof/run

mutants:
	testbed/mutants/run

# ATTACK=name,... SEED=n DRIVER=stock KERNEL=6.1,6.12,debug TYPE=pv,pvh
# RESUME=1 COUNT=n: the next n attacks that have no verdict yet
hostile: export ATTACK := $(ATTACK)
hostile: export SEED := $(SEED)
hostile: export DRIVER := $(DRIVER)
hostile: export KERNEL := $(KERNEL)
hostile: export TYPE := $(TYPE)
hostile: export COUNT := $(COUNT)
hostile: export RESUME := $(RESUME)
hostile:
	testbed/nfh-testbed hostile

help:
	@echo "make                 build $(MODULE) for the running kernel"
	@echo "make KDIR=DIR        build it for another one"
	@echo "make install         module, depmod and a modprobe.d file; uninstall takes them away"
	@echo "make demo            see it carry real traffic on Xen in QEMU (needs no Xen and no KVM)"
	@echo "make test            everything: gates, unit tests, functional scenarios"
	@echo "make bench           measure it against stock xen-netfront; BENCH=quick for the short one"
	@echo "make bench-native    time its ring, frame, grant and pool on this very processor"
	@echo "make lifecycle       backends that go, come, lie and fall silent, KERNEL=6.12,debug TYPE=pv,pvh"
	@echo "make check           static gates: builds, sparse, checkpatch, our own rules, object code"
	@echo "make kunit           KUnit suites on the debug kernel, and what they reach"
	@echo "make fuzz            libFuzzer over ring, frame, grant, pool, tx and rx; FUZZ_SECONDS=60 each"
	@echo "make proof           CBMC proofs of ring, frame, grant and pool against any backend"
	@echo "make mutants         bugs planted one by one: which gate kills them (MUTANTS=quick)"
	@echo "make hostile         a backend that attacks, ATTACK=NAME SEED=N DRIVER=stock KERNEL=6.1 TYPE=pvh"
	@echo "make clean           remove what was built here"
