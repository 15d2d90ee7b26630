# this folder's part of the Makefile
dist_man1_MANS += doc/opsd.1
TESTS += tests/lint/manual.sh
EXTRA_DIST += tests/lint/manual.sh
dist_man5_MANS += doc/opsd.conf.5
