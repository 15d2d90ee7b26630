/* The scripts under sh/, made into scripts.c by sh/embed.awk. */
#ifndef OPSD_REMOTE_SCRIPTS_H
#define OPSD_REMOTE_SCRIPTS_H

extern const char remote_sh_common[], remote_sh_folder[];
extern const char remote_sh_install[], remote_sh_flip_back[], remote_sh_detached[];
extern const char remote_sh_replace[], remote_sh_read[], remote_sh_list_cnf[];

#endif
