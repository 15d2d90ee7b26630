# The browser's part. node builds it into web/dist of the source tree, once for all build folders; a release's tarball has
# it ready, so that no node is needed there. Every file that the bundle is made of is named here: `npm run check` sees to it.
web_files = \
  web/.npmrc web/build.mjs web/build/check.mjs web/build/licenses.mjs web/build/patternfly.mjs web/build/table.mjs \
  web/package-lock.json web/package.json web/tsconfig.json \
  web/src/app.tsx web/src/css.d.ts web/src/icon.svg web/src/index.html web/src/main.tsx web/src/theme-early.ts \
  web/src/lib/api.ts web/src/lib/data.ts web/src/lib/form.ts web/src/lib/live.ts web/src/lib/now.ts \
  web/src/lib/pem.ts web/src/lib/route.ts web/src/lib/session.ts web/src/lib/theme.ts web/src/lib/time.ts \
  web/src/lib/words.ts \
  web/src/pages/audit.tsx web/src/pages/certificate-import.tsx web/src/pages/certificate.tsx \
  web/src/pages/certificates.tsx web/src/pages/cluster-add.tsx web/src/pages/cluster.tsx web/src/pages/clusters.tsx \
  web/src/pages/console.tsx web/src/pages/gate.tsx web/src/pages/node-dialogs.tsx web/src/pages/node-disk.tsx \
  web/src/pages/node-form.tsx web/src/pages/node-host-key.tsx web/src/pages/node.tsx web/src/pages/nodes.tsx \
  web/src/pages/overview.tsx web/src/pages/password.tsx web/src/pages/push-dialog.tsx web/src/pages/rollout.tsx \
  web/src/pages/rollouts.tsx web/src/pages/search.tsx web/src/pages/settings.tsx web/src/pages/setup.tsx \
  web/src/pages/sign-in.tsx web/src/pages/ssh-key.tsx web/src/pages/tokens.tsx web/src/pages/users.tsx \
  web/src/pictures/chain.tsx web/src/pictures/cluster-layout.ts web/src/pictures/cluster.tsx \
  web/src/pictures/expiry.tsx \
  web/src/style/base.css web/src/style/dialog.css web/src/style/fonts.css web/src/style/form.css \
  web/src/style/index.css web/src/style/page.css web/src/style/pages.css web/src/style/panel.css \
  web/src/style/pictures.css web/src/style/shell.css web/src/style/status.css web/src/style/table.css \
  web/src/ui/button.tsx web/src/ui/copy.tsx web/src/ui/days.tsx web/src/ui/dialog.tsx web/src/ui/field.tsx \
  web/src/ui/files.tsx web/src/ui/global-search.tsx web/src/ui/icon.tsx web/src/ui/inspection.tsx \
  web/src/ui/live-region.ts web/src/ui/menu.tsx web/src/ui/node-table.tsx web/src/ui/page.tsx web/src/ui/pair.tsx \
  web/src/ui/panel.tsx web/src/ui/password.tsx web/src/ui/pick.tsx web/src/ui/prose.tsx web/src/ui/search-box.tsx web/src/ui/shell.tsx \
  web/src/ui/ssh-key.tsx web/src/ui/states.tsx web/src/ui/status.tsx web/src/ui/table.tsx \
  web/src/ui/toggle-group.tsx web/src/ui/use-width.ts

EXTRA_DIST += $(web_files) web/README.md web/dist/assets.c.in

if HAVE_NODE
web/dist/assets.c.in: $(web_files) $(contract_sources) | contract-print$(EXEEXT)
	@./contract-print$(EXEEXT) --typescript > $(srcdir)/web/src/contract.ts
	@cd $(srcdir)/web && \
	{ test node_modules/.package-lock.json -nt package-lock.json && test -d node_modules/esbuild || \
	  $(NPM) ci --omit=dev --no-progress --loglevel=error; } && \
	$(NODE) build.mjs
else
web/dist/assets.c.in:
	@echo 'web/dist is missing: in a checkout it takes node and npm to build the pages' >&2; exit 1
endif

# .incbin counts paths from the folder that the compiler runs in.
web/assets.c: web/dist/assets.c.in
	@$(MKDIR_P) web
	$(AM_V_GEN)sed 's,@DIST@,$(srcdir)/web/dist,' $(srcdir)/web/dist/assets.c.in > $@.tmp && mv $@.tmp $@

nodist_libopsd_a_SOURCES += web/assets.c
CLEANFILES += web/assets.c

# the bundle's files, whose names hold their hashes
dist-hook:
	$(MKDIR_P) $(distdir)/web/dist/assets
	cp -p $(srcdir)/web/dist/index.html* $(srcdir)/web/dist/licenses.txt* $(distdir)/web/dist
	cp -p $(srcdir)/web/dist/assets/* $(distdir)/web/dist/assets
