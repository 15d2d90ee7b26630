/* What a restart's command says is no verdict: a join may take hours after it, and a failed one is found out half a
 * minute later. So the server is watched until it is well, or gives no sign of life any more. */
#include <string.h>

#include "fleet/inside.h"

enum {
  POLL_MS = 1000,
  QUIET_MS = 90000,      /* without any sign of life */
  GONE_MS = 30000,       /* the process is provably gone and the command has ended */
  GONE_FAILED_MS = 12000, /* the same when the command said that it failed: units restart after 5 s */
  STILL_OLD_MS = 15000,  /* the command has ended, and the server was never restarted */
  REFUSED_MS = 3000,     /* the same when the command said that it failed */
  MOST_MS = 12 * 3600 * 1000,
  STARTS_MAX = 4,        /* processes that came and went without an answer */
};

struct watch {
  struct step_run *s;
  struct remote *r;
  struct optfile options;
  bool member;                        /* of a Galera cluster: answering is not enough */
  const char *log_path;
  int64_t began_s, log_size;          /* by the node's clock; of the error log when the command began */
  int64_t now_s;                      /* the node's clock */
  bool ended;
  int64_t exit_status, ended_ms;      /* ended_ms: monotonic, when it was first seen */
  int64_t start_ms, sign_ms;          /* monotonic */
  int64_t pid;
  int starts;
  bool answered;
};

static int64_t number_after(const char *text, const char *word)
{
  const char *at = strstr(text, word);
  return at ? strtoll(at + strlen(word), NULL, 10) : -1;
}

/* The command's own words: its log's first lines, its exit status where it has ended, the node's clock. */
static enum err_code read_command(struct watch *w, const char *restart_step, struct arena *a, struct err *e)
{
  const char *d = sh_quote(a, arena_printf(a, "%s/.opsd", w->s->node.cert_dir)), *out;
  const char *name = arena_printf(a, "step-rollout-%lld-%s", (long long)w->s->rollout->id, restart_step);
  static const char script[] = "cd %s || exit 1\n"
                       "f=$(ls -t -- %s.log %s-*.log 2>/dev/null | head -n 1)\n"
                       "[ -n \"$f\" ] && head -n 2 -- \"$f\"\n"
                       "[ -s \"${f%%.log}.exit\" ] && echo \"exit $(cat -- \"${f%%.log}.exit\")\"\n"
                       "date +'now %%s'\n";
  TRY(fleet_script(w->r, arena_printf(a, script, d, name, name), NULL, a, &out, e));
  w->began_s = number_after(out, "began ");
  w->log_size = number_after(out, "log ");
  w->now_s = number_after(out, "now ");
  int64_t status = number_after(out, "exit ");
  if (status >= 0 && !w->ended) {
    w->ended = true;
    w->exit_status = status;
    w->ended_ms = clock_monotonic_ms();
  }
  return ERR_NONE;
}

/* The last lines of its error log, written since the restart began, that say what went wrong. */
static const char *error_lines(struct watch *w, struct arena *a)
{
  static const char pick[] = "grep -aE 'ERROR|Failed|failed|Abort|signal|denied' | grep -av 'mysqld_safe' | tail -n 4 | cut -c -240";
  const char *out = "", *script;
  if (w->log_path)
    script = arena_printf(a,
                          "f=%s; n=%lld; [ \"$(stat -Lc %%s -- \"$f\")\" -lt \"$n\" ] && n=0; tail -c +$((n + 1)) -- \"$f\" | %s",
                          sh_quote(a, w->log_path), (long long)(w->log_size > 0 ? w->log_size : 0), pick);
  else if (w->s->node.unit)
    script = arena_printf(a, "journalctl -u %s --since @%lld -o cat --no-pager | %s", sh_quote(a, w->s->node.unit),
                          (long long)w->began_s, pick);
  else
    return NULL;
  if (fleet_script(w->r, script, NULL, a, &out, NULL) || !*out)
    return NULL;
  char *line = arena_strndup(a, out, strcspn(out, "\0"));
  for (char *p = line; *p; p++)
    if (*p == '\n')
      *p = p[1] ? '|' : '\0';
  return line;
}

static enum err_code give_up(struct watch *w, const char *what, struct err *e)
{
  struct arena *a = w->s->a;
  const char *lines = w->r ? error_lines(w, a) : NULL;
  const char *command = w->ended ? arena_printf(a, "the restart command ended with %lld", (long long)w->exit_status)
                                 : "the restart command is still running";
  if (lines)
    return err_set(e, ERR_REMOTE, "%s; %s; its error log says: %s", what, command, lines);
  return err_set(e, ERR_REMOTE, "%s; %s", what, command);
}

/* Fresh by its own uptime. Where nobody may ask it, the end of the command has to do. */
static bool is_fresh(const struct watch *w, const struct node_health *h)
{
  if (h->uptime_s >= 0 && w->began_s > 0)
    return h->uptime_s <= w->now_s - w->began_s + 1;
  return w->ended;
}

static void note_process(struct watch *w, const struct node_process *p, bool answers)
{
  if (p->pid && p->pid != w->pid && !answers)
    w->starts++;
  if (p->pid)
    w->pid = p->pid;
}

/* A member that is on its way in says so; "Initialized" means that it has found nobody. */
static bool is_progress(const struct watch *w, const struct node_health *h, const struct node_process *p)
{
  if (h->answers)
    return is_fresh(w, h) && h->asked && !str_starts(h->says, "Initialized") && !strstr(h->says, "non-Primary");
  return p->visible ? p->pid != 0 : !w->ended;
}

static enum err_code judge(struct watch *w, const struct node_health *h, const struct node_process *p, bool *done,
                           struct err *e)
{
  int64_t now_ms = clock_monotonic_ms();
  bool fresh = h->answers && is_fresh(w, h);
  w->answered = w->answered || fresh;
  *done = fresh && h->well && (h->asked || !w->member);
  if (*done)
    return ERR_NONE;
  if (h->well && w->ended && now_ms - w->ended_ms > (w->exit_status ? REFUSED_MS : STILL_OLD_MS))
    return give_up(w, "the server was not restarted: it has been running since before", e);
  if (is_progress(w, h, p))
    w->sign_ms = now_ms;
  note_process(w, p, h->answers);
  if (w->starts >= STARTS_MAX && !w->answered)
    return give_up(w, "the server starts and ends again and again", e);
  bool gone = p->visible && !p->pid && w->ended;
  if (now_ms - w->sign_ms > (!gone ? QUIET_MS : w->exit_status ? GONE_FAILED_MS : GONE_MS))
    return give_up(w, arena_printf(w->s->a, "the server did not come back (%s)", h->says), e);
  if (now_ms - w->start_ms > MOST_MS)
    return give_up(w, arena_printf(w->s->a, "the server is still not well (%s)", h->says), e);
  return ERR_NONE;
}

static const char *restart_step_of(const struct step_run *s)
{
  const char *id = NULL;
  for (size_t i = 0; i < s->rollout->steps.count; i++) {
    const struct rollout_step *step = &s->rollout->steps.item[i];
    if (step->node_id == s->node.id && str_eq(step->action, "restart"))
      id = arena_printf(s->a, "%lld", (long long)step->id);
  }
  return id;
}

static enum err_code watch_open(struct watch *w, struct arena *a, struct err *e)
{
  if (w->r)
    return ERR_NONE;
  TRY(fleet_reach(w->s->f, &w->s->node, a, &w->r, e));
  TRY(fleet_options(w->r, &w->s->node, NULL, w->s->a, &w->options, e));
  const struct flavour *f = flavour_find(w->s->node.flavour);
  struct flavour_group group = { 0 };
  if (f->group)
    TRY(f->group(&w->s->node, &w->options, w->s->a, &group, e));
  w->member = group.member;
  w->log_path = fleet_error_log(&w->s->node, &w->options, w->s->a);
  return ERR_NONE;
}

/* One look. A connection that breaks is made anew at the next: it counts as no sign of life, and as nothing else. */
static enum err_code look(struct watch *w, const char *restart_step, bool *done, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err why = { 0 };
  struct node_health h = { .says = "its host cannot be reached", .uptime_s = -1 };
  struct node_process p = { 0 };
  if (watch_open(w, w->s->a, &why) || read_command(w, restart_step, &a, &why) ||
      fleet_process(w->r, &w->s->node, &w->options, &a, &p, &why)) {
    remote_close(take_ptr(w->r));
    h.says = why.text;
  } else {
    fleet_health(w->s->f, &w->s->node, w->r, &w->options, &a, &h);
  }
  TRY(judge(w, &h, &p, done, e));
  fleet_step_say(w->s, *done ? arena_printf(&a, "%s; up again after %lld s", h.says, (long long)(w->now_s - w->began_s))
                             : h.says);
  return ERR_NONE;
}

static void watch_cleanup(struct watch *w) { remote_close(w->r); }

enum err_code step_follow(struct step_run *s, struct err *e)
{
  const char *restart_step = restart_step_of(s);
  if (!restart_step)
    return err_set(e, ERR_INTERNAL, "there is no restart to follow");
  int64_t now_ms = clock_monotonic_ms();
  CLEANUP(watch_cleanup) struct watch w = { .s = s, .start_ms = now_ms, .sign_ms = now_ms };
  for (bool done = false;;) {
    TRY(look(&w, restart_step, &done, e));
    if (done)
      return ERR_NONE;
    TRY(fleet_pause(s->f, POLL_MS, e));
  }
}
