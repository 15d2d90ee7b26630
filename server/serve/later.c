/* Weak stand-ins until the rooms land that define them; goes away with the last of them. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "fleet/fleet.h"
#include <stdlib.h>
struct fleet { int x; };
#define NO return err_set(e, ERR_UNAVAILABLE, "later")
__attribute__((weak)) enum err_code fleet_new(const struct fleet_config *c, struct fleet **out, struct err *e){(void)c;(void)e;*out=calloc(1,4);return 0;}
__attribute__((weak)) void fleet_free(struct fleet *f,int t){(void)t;free(f);}
__attribute__((weak)) enum err_code fleet_ssh_key(struct fleet *f, struct arena *a, const char **p, const char **fp, struct err *e){(void)f;(void)a;(void)e;*p="ssh-ed25519 AAAA opsd";*fp="SHA256:x";return 0;}
__attribute__((weak)) enum err_code fleet_select(struct fleet *f, const struct fleet_selection *sel, struct arena *a, node_list *out, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_probe(struct fleet *f, node_list *nodes, struct arena *a, struct err *e){NO;}
__attribute__((weak)) void fleet_node_findings(struct fleet *f, const struct node *n, int64_t now_s, struct arena *a, finding_list *out){}
__attribute__((weak)) enum err_code fleet_disk(struct fleet *f, const struct node *n, struct arena *a, struct node_disk *out, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_host_key(struct fleet *f, const struct node *n, struct arena *a, const char **host_key, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_push(struct fleet *f, const node_list *nodes, int64_t cert_id, int64_t ca_id, const char *by, struct arena *a, int64_t *rollout, const char **title, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_config_set(struct fleet *f, const node_list *nodes, const char *section, const char *key, const char *value, bool remove, const char *by, struct arena *a, int64_t *rollout, const char **title, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_restart(struct fleet *f, const node_list *nodes, const char *by, struct arena *a, int64_t *rollout, const char **title, struct err *e){NO;}
__attribute__((weak)) enum err_code fleet_resume(struct fleet *f, int64_t rollout, const char *by, struct arena *a, const char **title, struct err *e){NO;}
__attribute__((weak)) int cli_main(int c,char**v){(void)c;(void)v;return 2;}
