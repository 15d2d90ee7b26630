# What a host needs beside the program: the example of opsd.conf, the unit file.
dist_doc_DATA = dist/opsd.conf.example
systemdunitdir = $(prefix)/lib/systemd/system
nodist_systemdunit_DATA = dist/opsd.service
CLEANFILES += dist/opsd.service
EXTRA_DIST += dist/opsd.service.in

dist/opsd.service: dist/opsd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) dist && $(SED) 's,[@]bindir[@],$(bindir),g' $(srcdir)/dist/opsd.service.in >$@.tmp && mv $@.tmp $@
