#include "remote/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 4 };

struct gate {
  struct gate *next;
  char *host;
  int port;
  int inside, users; /* users: inside or waiting */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static struct gate *gates;

static struct gate *find_or_add(const char *host, int port)
{
  for (struct gate *g = gates; g; g = g->next)
    if (g->port == port && strcmp(g->host, host) == 0)
      return g;
  struct gate *g = calloc(1, sizeof *g);
  char *name = strdup(host);
  if (!g || !name)
    abort();
  *g = (struct gate){ .next = gates, .host = name, .port = port };
  return gates = g;
}

struct gate *gate_enter(const char *host, int port)
{
  pthread_mutex_lock(&lock);
  struct gate *g = find_or_add(host, port);
  g->users++;
  while (g->inside >= AT_ONCE)
    pthread_cond_wait(&left, &lock);
  g->inside++;
  pthread_mutex_unlock(&lock);
  return g;
}

static void forget(struct gate *g)
{
  struct gate **at = &gates;
  while (*at != g)
    at = &(*at)->next;
  *at = g->next;
  free(g->host);
  free(g);
}

void gate_leave(struct gate **gp)
{
  struct gate *g = *gp;
  if (!g)
    return;
  *gp = NULL;
  pthread_mutex_lock(&lock);
  g->inside--;
  if (--g->users == 0)
    forget(g);
  pthread_cond_broadcast(&left);
  pthread_mutex_unlock(&lock);
}
