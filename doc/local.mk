# this folder's part of the Makefile
dist_man5_MANS += doc/opsd.conf.5
