# The browser's part. node builds it into web/dist of the source tree, once for all build folders; a release's tarball has
# it ready, so that no node is needed there. Every file that the bundle is made of is named here: `npm run check` sees to it.
web_files = \
  web/.npmrc web/build.mjs web/build/check.mjs web/build/licenses.mjs web/build/patternfly.mjs web/build/table.mjs \
  web/package-lock.json web/package.json web/tsconfig.json \
  web/src/icon.svg web/src/index.html web/src/main.tsx web/src/theme-early.ts \
  web/src/style/fonts.css web/src/style/index.css

EXTRA_DIST += $(web_files) web/README.md web/dist/assets.c.in

if HAVE_NODE
web/dist/assets.c.in: $(web_files)
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
