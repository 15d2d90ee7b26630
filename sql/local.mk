# this folder's part of the Makefile: SQL becomes tables in C
sql_MIGRATIONS = $(srcdir)/sql/migrations/0001_start.sql
sql_QUERIES = \
  $(srcdir)/sql/queries/audit.sql \
  $(srcdir)/sql/queries/certificates.sql \
  $(srcdir)/sql/queries/clusters.sql \
  $(srcdir)/sql/queries/nodes.sql \
  $(srcdir)/sql/queries/people.sql \
  $(srcdir)/sql/queries/rollouts.sql \
  $(srcdir)/sql/queries/settings.sql
EXTRA_DIST += sql/embed.awk $(sql_MIGRATIONS) $(sql_QUERIES)

nodist_libopsd_a_SOURCES += server/store/sql.h server/store/sql_migrations.c server/store/sql_queries.c
BUILT_SOURCES += server/store/sql.h
CLEANFILES += server/store/sql.h server/store/sql_migrations.c server/store/sql_queries.c

sql_EMBED = LC_ALL=C $(AWK) -f $(srcdir)/sql/embed.awk
server/store/sql.h: $(sql_QUERIES) sql/embed.awk
	$(AM_V_GEN)$(MKDIR_P) server/store && $(sql_EMBED) kind=queries form=h $(sql_QUERIES) >$@.new && mv $@.new $@
server/store/sql_queries.c: $(sql_QUERIES) sql/embed.awk
	$(AM_V_GEN)$(MKDIR_P) server/store && $(sql_EMBED) kind=queries form=c $(sql_QUERIES) >$@.new && mv $@.new $@
server/store/sql_migrations.c: $(sql_MIGRATIONS) sql/embed.awk
	$(AM_V_GEN)$(MKDIR_P) server/store && $(sql_EMBED) kind=migrations form=c $(sql_MIGRATIONS) >$@.new && mv $@.new $@
