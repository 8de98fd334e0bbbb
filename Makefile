# Faxspan: build, tests, demo, benchmark. `make help` lists the targets.

CC ?= cc
# SPANDSP=prefix: another spandsp than the system's, from there, and a folder of its own for what is built with it
ifdef SPANDSP
BUILD ?= build-spandsp
endif
BUILD ?= build
PREFIX ?= /usr
SBINDIR ?= $(PREFIX)/sbin
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/faxspan
UNITDIR ?= /lib/systemd/system

# What a packager gives takes the place of these; what is told here hardens a program that reads from the network.
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS ?= -Wl,-z,relro -Wl,-z,now
WARN = -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wno-unused-parameter
ifdef WERROR
WARN += -Werror
endif
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -fno-common -I. $(WARN) $(CPPFLAGS) $(CFLAGS) $(SAN)
ALL_LDFLAGS = $(LDFLAGS) $(SAN)
ifdef SPANDSP
ALL_CFLAGS += -isystem $(SPANDSP)/include
ALL_LDFLAGS += -L$(SPANDSP)/lib -Wl,-rpath,$(SPANDSP)/lib
endif
LIBS = -lpri -losip2 -losipparser2 -lgnutls -lcares -lspandsp -ltiff -linih -lpthread -lm
TEST_LIBS = -lcmocka

# The house: each folder is one archive; the order is the direction of dependencies.
ROOMS = gateway sip t38 dahdi conf base
DIR_base = gateway/base
DIR_gateway = gateway $(addprefix gateway/,call route bearer cdr control span sipside)
DIR_sip = sip $(addprefix sip/,auth dns message sdp transport txn)
DIR_t38 = $(addprefix t38/,t30 tone udptl rtp relay)
DIR_dahdi = dahdi
DIR_conf = conf
$(foreach r,$(ROOMS),$(eval SRC_$(r) = $(filter-out gateway/main.c gateway/faxspanctl.c,$(wildcard $(addsuffix /*.c,$(DIR_$(r)))))))
SRC_sim = $(wildcard tests/sim/*.c)
SRC_unit = $(wildcard tests/unit/test_*.c)
SRC_call = $(wildcard tests/call/test_*.c)
SRC_fuzz = $(wildcard tests/fuzz/fuzz_*.c)

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
archive = $(BUILD)/lib$(1).a
ARCHIVES = $(foreach r,$(ROOMS),$(call archive,$(r)))
UNIT = $(patsubst %.c,$(BUILD)/%,$(SRC_unit))
CALL = $(patsubst %.c,$(BUILD)/%,$(SRC_call))
PROGRAMS = $(BUILD)/faxspand $(BUILD)/faxspanctl

all: $(PROGRAMS)

help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define room
$(call archive,$(1)): $(call obj,$(SRC_$(1)))
	@rm -f $$@
	$(AR) rcs $$@ $$^
endef
$(foreach r,$(ROOMS) sim,$(eval $(call room,$(r))))

$(BUILD)/faxspand: $(BUILD)/gateway/main.o $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/faxspanctl: $(BUILD)/gateway/faxspanctl.o $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Unit tests: our own allocations go through tests/unit/fault.c, which can fail the Nth and counts what is not freed.
WRAP = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup,--wrap=free
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(BUILD)/tests/unit/fault.o $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) $(WRAP) -o $@ $^ $(TEST_LIBS) $(LIBS)

# Whole calls on a virtual clock, in one process.
RANDOM = $(wildcard tests/matrix/random*.c)
$(BUILD)/tests/call/test_%: $(BUILD)/tests/call/test_%.o $(BUILD)/tests/call/lab.o $(BUILD)/tests/call/fax.o $(BUILD)/tests/call/t30_call.o $(BUILD)/tests/call/t30_bare.o $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

$(BUILD)/tests/call/test_random: $(call obj,tests/call/test_random.c tests/call/lab.c $(filter-out %_main.c %_report.c,$(RANDOM)) tests/matrix/bare_gateway.c) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

$(BUILD)/tests/demo/faxlab: $(call obj,$(wildcard tests/demo/*.c)) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The exchanges and fax machines for the interop tests; the SIP peers there are other people's programs.
LOSSY = tests/interop/lossy_link.c
$(BUILD)/tests/interop/faxline: $(call obj,$(filter-out $(LOSSY),$(wildcard tests/interop/*.c)) tests/demo/bank.c) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The network between a gateway and Asterisk, when it shall lose packets.
$(BUILD)/tests/interop/lossy_link: $(call obj,$(LOSSY)) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/%: $(call obj,$(filter-out tests/bench/bench_%.c,$(wildcard tests/bench/*.c))) $(BUILD)/tests/bench/%.o $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# How many faxes arrive: whole calls beside bare spandsp.
$(BUILD)/tests/matrix/fax_matrix: $(call obj,$(filter-out $(RANDOM),$(wildcard tests/matrix/*.c)) tests/call/lab.c tests/call/fax.c) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

# Calls of which everything is drawn by chance.
$(BUILD)/tests/matrix/random_calls: $(call obj,$(RANDOM) tests/matrix/bare_gateway.c tests/call/lab.c) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

# How well the tones of a fax are told from everything else.
$(BUILD)/tests/detect/detection_table: $(call obj,$(wildcard tests/detect/*.c)) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The world around a gateway on real DAHDI, for the guest; dahdi/user.h is where tests/dahdi-vm/build.sh has put it.
VM = $(BUILD)/dahdi-vm
OBJ_vmlab = $(call obj,$(wildcard tests/dahdi-vm/*.c))
$(OBJ_vmlab): ALL_CFLAGS += -I$(VM)/include
$(VM)/vmlab: $(OBJ_vmlab) $(call archive,sim) $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

TEST_PROGRAMS = $(UNIT) $(CALL) $(BUILD)/tests/demo/faxlab $(BUILD)/tests/interop/faxline $(BUILD)/tests/interop/lossy_link

## all            build the daemon (default)
## demo           two real faxes through the daemon, E1 to SIP and SIP to E1; DOC=file.tif sends your own
demo: packages
	@$(MAKE) --no-print-directory -s $(PROGRAMS) $(BUILD)/tests/demo/faxlab
	@BUILD=$(BUILD) tests/demo/run.sh $(DOC)

## check          unit tests, whole calls on a virtual clock, the daemon as a process; SPANDSP=prefix with the spandsp there
check: test-packages
	@$(MAKE) --no-print-directory -s -j$(shell nproc) tests
	@$(MAKE) --no-print-directory -s check-tests

test-packages:
	@tests/packages.sh build test

tests: $(PROGRAMS) $(TEST_PROGRAMS)

check-tests:
	@BUILD=$(BUILD) tests/run.sh unit call process

check-unit check-call check-process: check-%: tests
	@BUILD=$(BUILD) tests/run.sh $*

## check-mends    each mend of spandsp left out in turn: the test that is there for it must fail; SPANDSP=prefix as above
check-mends:
	@$(MAKE) --no-print-directory -s -j$(shell nproc) tests
	@BUILD=$(BUILD) SPANDSP=$(SPANDSP) CC="$(CC)" tests/mends.sh

## check-dahdi    the gateway on real DAHDI, in a QEMU guest, in real time; TESTS="pass alarm" runs only those
check-dahdi: packages
	@BUILD=$(BUILD) tests/dahdi-vm/run.sh $(TESTS)

## check-interop  Asterisk and sipp as SIP peers, in real time; as root, about 10 minutes; ASTERISK=sid for the newest
ASTERISK ?= bullseye
check-interop:
	@tests/packages.sh build interop
	@$(MAKE) --no-print-directory -s $(PROGRAMS) $(BUILD)/tests/interop/faxline $(BUILD)/tests/interop/lossy_link
	@BUILD=$(BUILD) ASTERISK=$(ASTERISK) tests/interop/run.sh $(TESTS)

## compare-asterisk  the same faxes through Faxspan and through Asterisk as the gateway
compare-asterisk:
	@$(MAKE) --no-print-directory -s check-interop TESTS=compare

## compare-lossy   the same, with Asterisk behind a network that loses UDPTL: LOSSY_POINTS="0 1 3 5 10 20" percent, LOSSY_CALLS each
compare-lossy:
	@$(MAKE) --no-print-directory -s check-interop TESTS=lossy

## fax-matrix     how many faxes arrive, case by case, beside bare spandsp; RUNS seeds each, only the groups whose name has GROUP
fax-matrix: test-packages
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/matrix/fax_matrix
	@$(BUILD)/tests/matrix/fax_matrix $(or $(RUNS),20) $(shell nproc) $(BUILD)/fax-matrix.html "$(GROUP)" $(or $(SEED),1000) \
		$(firstword $(wildcard $(BUILD)/asterisk.tsv) tests/matrix/asterisk.tsv) $(BUILD)/detection.tsv

## random-calls   CALLS (10000) calls of which everything is drawn by chance; SEED=n has one scene of them alone, with its log
random-calls: test-packages
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/matrix/random_calls
	@$(if $(SEED),LAB_LOG=1 $(BUILD)/tests/matrix/random_calls seed $(SEED),$(BUILD)/tests/matrix/random_calls $(or $(CALLS),10000) $(shell nproc))

## detection-table  how many tones of a fax are missed, and what is taken for one; RUNS trials each, HOURS of each thing that is none
detection-table:
	@tests/packages.sh build
	@tests/packages.sh detect || true
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/detect/detection_table
	$(BUILD)/tests/detect/detection_table $(or $(RUNS),200) $(or $(HOURS),2) $(BUILD)/detection.html $(PART)

## layers         check the direction of the includes and the doors of the libraries
layers:
	@tests/layers.sh

## bench          CPU, memory, wakeups and system calls, beside bare spandsp
bench:
	@tests/packages.sh build bench
	@$(MAKE) --no-print-directory -s $(PROGRAMS) $(BUILD)/tests/demo/faxlab $(BUILD)/tests/bench/bench_bare
	@BUILD=$(BUILD) tests/bench/run.sh

## asan, tsan     the same under the sanitizers
SANITIZED = --no-print-directory -s CFLAGS="-O1 -g -fno-omit-frame-pointer"
asan: test-packages
	@$(MAKE) $(SANITIZED) BUILD=$(BUILD)-asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined" -j$(shell nproc) tests
	@BUILD=$(BUILD)-asan tests/run.sh unit call process

tsan: test-packages
	@$(MAKE) $(SANITIZED) BUILD=$(BUILD)-tsan SAN="-fsanitize=thread" -j$(shell nproc) tests
	@BUILD=$(BUILD)-tsan tests/run.sh unit call process

## fuzz           each parser for FUZZ_SECONDS (10) seconds under libFuzzer (clang)
FUZZ_SECONDS ?= 10
fuzz: packages
	@BUILD=$(BUILD)-fuzz tests/fuzz/run.sh $(FUZZ_SECONDS)

## packages       install what is missing of Debian's packages, or name it
packages:
	@tests/packages.sh

## install, uninstall  into DESTDIR; a configuration that is there stays as it is
CONFIG = $(DESTDIR)$(SYSCONFDIR)/faxspan
MANUALS = man8/faxspand.8 man8/faxspanctl.8 man5/faxspan.conf.5
install: $(PROGRAMS)
	install -D -m 755 $(BUILD)/faxspand $(DESTDIR)$(SBINDIR)/faxspand
	install -D -m 755 $(BUILD)/faxspanctl $(DESTDIR)$(SBINDIR)/faxspanctl
	for f in $(MANUALS); do install -D -m 644 conf/man/$${f#*/} $(DESTDIR)$(MANDIR)/$$f || exit 1; done
	install -D -m 644 conf/faxspan.service $(DESTDIR)$(UNITDIR)/faxspan.service
	sed -i 's,/usr/sbin/,$(SBINDIR)/,; s,/etc/faxspan/,$(SYSCONFDIR)/faxspan/,' $(DESTDIR)$(UNITDIR)/faxspan.service
	for f in conf/dahdi/*; do install -D -m 644 $$f $(DESTDIR)$(DOCDIR)/dahdi/$$(basename $$f) || exit 1; done
	@# an operator's configuration is never written over, and no span is added to it
	if [ ! -e $(CONFIG)/faxspan.conf ] && [ ! -e $(CONFIG)/spans.d ]; then \
		install -D -m 640 conf/samples/faxspan.conf $(CONFIG)/faxspan.conf && \
		install -d -m 750 $(CONFIG)/spans.d && \
		install -m 640 conf/samples/spans.d/*.conf $(CONFIG)/spans.d/; fi

uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/faxspand $(DESTDIR)$(SBINDIR)/faxspanctl $(DESTDIR)$(UNITDIR)/faxspan.service
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/,$(MANUALS))
	rm -rf $(DESTDIR)$(DOCDIR)

## clean          remove the build folders
clean:
	rm -rf $(BUILD) $(BUILD)-spandsp $(BUILD)-clang $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)

.PHONY: all help demo fax-matrix random-calls detection-table check tests check-tests check-unit check-call check-process check-mends check-dahdi check-interop compare-asterisk compare-lossy layers bench asan tsan fuzz packages test-packages install uninstall clean
.SECONDARY:
