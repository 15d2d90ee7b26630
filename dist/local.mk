# What a host needs beside the program: the example of opsd.conf, the unit file.
dist_doc_DATA = dist/opsd.conf.example
systemdunitdir = $(prefix)/lib/systemd/system
nodist_systemdunit_DATA = dist/opsd.service
CLEANFILES += dist/opsd.service
EXTRA_DIST += dist/opsd.service.in

dist/opsd.service: dist/opsd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) dist && $(SED) 's,[@]bindir[@],$(bindir),g' $(srcdir)/dist/opsd.service.in >$@.tmp && mv $@.tmp $@

# Completions, printed by the program itself, so that they cannot fall behind
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = dist/completions/opsd
nodist_zshcompletion_DATA = dist/completions/_opsd
nodist_fishcompletion_DATA = dist/completions/opsd.fish
completions = $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA) $(nodist_fishcompletion_DATA)
CLEANFILES += $(completions)

dist/completions/opsd: opsd$(EXEEXT)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)./opsd$(EXEEXT) help --completion bash > $@.tmp && mv $@.tmp $@
dist/completions/_opsd: opsd$(EXEEXT)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)./opsd$(EXEEXT) help --completion zsh > $@.tmp && mv $@.tmp $@
dist/completions/opsd.fish: opsd$(EXEEXT)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)./opsd$(EXEEXT) help --completion fish > $@.tmp && mv $@.tmp $@
