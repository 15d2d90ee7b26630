# this folder's part of the Makefile: what is tested without a build. The tests of the real program are node's and are
# run by ./check, since a release's tarball needs no node.
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
TESTS += tests/lint/layers.sh tests/lint/tree.sh
EXTRA_DIST += tests/lint/layers.sh tests/lint/tree.sh server/LAYERS

# The long series of which ./check runs a sample.
.PHONY: torture
torture:
	$(top_srcdir)/check torture
