#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "cli/run.h"
#include "cli/show.h"
#include "cli/table.h"
#include "contract/requests.h"

enum { BAR = 24, POLL_MS = 1000, PATIENCE_MS = 60000 };

/* A step's state as it was printed last. */
struct seen {
  int64_t id;
  const char *state; /* one of step_state_words, or a newer daemon's, kept in the arena */
};

struct follow {
  struct cli *c;
  const struct contract_row *show;
  bool bar;           /* a terminal: one line that is drawn again */
  struct buf seen;    /* struct seen … */
  struct arena states;
  bool ended;
  struct arena arena; /* of the last reply */
  struct rollout last;
};

static bool is_end(const char *state)
{
  return str_eq(state, "done") || str_eq(state, "failed") || str_eq(state, "interrupted") || str_eq(state, "paused");
}

static bool is_news(struct follow *f, const struct rollout_step *s)
{
  struct seen *all = (struct seen *)f->seen.data;
  size_t count = f->seen.len / sizeof *all;
  for (size_t i = 0; i < count; i++) {
    if (all[i].id != s->id)
      continue;
    bool news = !str_eq(all[i].state, s->state);
    if (news)
      all[i].state = arena_strdup(&f->states, s->state);
    return news;
  }
  struct seen one = { s->id, arena_strdup(&f->states, s->state) };
  buf_add(&f->seen, &one, sizeof one);
  return true;
}

static void print_step(const struct rollout_step *s)
{
  AUTO_BUF struct buf line = BUF_INIT;
  if (s->node) {
    text_add(&line, s->node);
    buf_str(&line, ": ");
  }
  text_add(&line, s->title);
  buf_printf(&line, ": %s", s->state);
  if (s->started_ms && s->ended_ms)
    buf_printf(&line, " (%" PRId64 ".%" PRId64 " s)", (s->ended_ms - s->started_ms) / 1000,
               (s->ended_ms - s->started_ms) / 100 % 10);
  if (s->detail && *s->detail) {
    buf_str(&line, ": ");
    text_add(&line, s->detail);
  }
  puts(buf_cstr(&line));
}

static void draw_bar(const struct rollout *r)
{
  AUTO_BUF struct buf line = BUF_INIT;
  size_t full = r->steps_total > 0 ? (size_t)(r->steps_done * BAR / r->steps_total) : 0;
  buf_str(&line, "\r\033[K[");
  for (size_t i = 0; i < BAR; i++)
    buf_char(&line, i < full ? '#' : '-');
  buf_printf(&line, "] %" PRId64 "/%" PRId64 " ", r->steps_done, r->steps_total);
  for (size_t i = 0; i < r->steps.count; i++) {
    const struct rollout_step *s = &r->steps.item[i];
    if (!str_eq(s->state, "running"))
      continue;
    text_add(&line, s->node ? s->node : "");
    buf_str(&line, ": ");
    text_add(&line, s->title);
    break;
  }
  fputs(buf_cstr(&line), stdout);
}

static void print_news(struct follow *f)
{
  for (size_t i = 0; i < f->last.steps.count; i++) {
    const struct rollout_step *s = &f->last.steps.item[i];
    bool news = is_news(f, s) && !str_eq(s->state, "waiting") && !str_eq(s->state, "running");
    if (!news)
      continue;
    if (f->bar)
      fputs("\r\033[K", stdout);
    print_step(s);
  }
  if (f->bar)
    draw_bar(&f->last);
  fflush(stdout);
}

static enum err_code take(struct follow *f, const char *text, size_t len, struct err *e)
{
  arena_free(&f->arena);
  f->last = (struct rollout){ 0 };
  TRY(json_read_reply(&shape_rollout, text, len, &f->arena, &f->last, e));
  if (!cli_args_has(&f->c->args, "json"))
    print_news(f);
  f->ended = is_end(f->last.state);
  return ERR_NONE;
}

static bool on_event(void *arg, const char *event, const char *data, size_t len)
{
  struct follow *f = arg;
  struct err e;
  return !str_eq(event, "rollout") || take(f, data, len, &e) || !f->ended;
}

static enum err_code look(struct follow *f, const struct id_request *in, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  TRY(client_call(f->c->client, f->show, in, &text, e));
  return take(f, buf_cstr(&text), text.len, e);
}

/* A stream may break, and the daemon may be restarted meanwhile: the rollout goes on, so we look again
 * until it ends or nobody has answered for a while. */
static enum err_code follow(struct follow *f, const struct id_request *in, struct err *e)
{
  const struct contract_row *events = contract_find("rollout-follow");
  int64_t answered_ms = 0; /* never yet */
  for (;;) {
    enum err_code rc = look(f, in, e);
    if (rc && rc != ERR_UNREACHABLE && rc != ERR_UNAVAILABLE)
      return rc;
    if (!rc)
      answered_ms = clock_monotonic_ms();
    if (rc && clock_monotonic_ms() - answered_ms > PATIENCE_MS)
      return rc;
    if (f->ended)
      return ERR_NONE;
    struct err broken;
    if (!rc)
      client_listen(f->c->client, events, in, on_event, f, &broken);
    if (f->ended)
      return ERR_NONE;
    poll(NULL, 0, POLL_MS);
  }
}

static int verdict(struct follow *f)
{
  AUTO_BUF struct buf out = BUF_INIT;
  bool done = str_eq(f->last.state, "done");
  if (f->bar)
    fputs("\r\033[K", stdout);
  if (cli_args_has(&f->c->args, "json")) {
    json_write(&shape_rollout, &f->last, &out);
    buf_char(&out, '\n');
  } else if (done) {
    buf_printf(&out, "rollout %" PRId64 ": done\n", f->last.id);
  }
  int rc = cli_print(&out);
  if (done)
    return rc;
  struct err e = { 0 };
  err_set(&e, ERR_REMOTE, "Rollout %" PRId64 " is %s%s%s", f->last.id, f->last.state, f->last.error ? ": " : "",
          f->last.error ? f->last.error : "");
  return cli_fail(f->c, &e);
}

int cli_follow(struct cli *c, int64_t rollout)
{
  struct follow f = { .c = c, .show = contract_find("rollout-show") };
  struct id_request in = { rollout };
  struct err e = { 0 };
  bool json = cli_args_has(&c->args, "json");
  f.bar = isatty(STDOUT_FILENO) && !json;
  if (!json)
    printf("rollout %" PRId64 "%s\n", rollout, f.bar ? " (goes on without this command; opsd rollout-follow)" : "");
  int code = cli_connect(c, &e) || follow(&f, &in, &e) ? cli_fail(c, &e) : verdict(&f);
  buf_free(&f.seen);
  arena_free(&f.states);
  arena_free(&f.arena);
  return code;
}
