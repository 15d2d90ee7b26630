# make bench: opsd beside nginx; for a look at the numbers, never a test.
EXTRA_DIST += bench/bench.mjs bench/lib.mjs bench/measures.mjs bench/peers.mjs doc/performance.md
.PHONY: bench
bench: all
	$(NODE) $(srcdir)/bench/bench.mjs
