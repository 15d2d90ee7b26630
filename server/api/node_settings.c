#include "api/node_settings.h"

#include <ctype.h>
#include <string.h>

#include "api/handlers.h"
#include "base/str.h"

enum { DATABASE_PORT = 3306, SSH_PORT = 22 };

/* HOST[:PORT], [IPv6][:PORT], or a bare IPv6 address. */
static enum err_code split_address(const char *field, const char *text, int64_t preset, struct arena *a,
                                   const char **host, int64_t *port, struct err *e)
{
  const char *end, *rest;
  if (*text == '[') {
    end = strchr(text, ']');
    if (!end)
      return err_field(e, field, "\"[\" without \"]\": write [ADDRESS]:PORT");
    text++;
    rest = end + 1;
  } else {
    const char *colon = strchr(text, ':');
    end = colon && !strchr(colon + 1, ':') ? colon : text + strlen(text);
    rest = end;
  }
  *host = arena_strndup(a, text, (size_t)(end - text));
  *port = preset;
  if (!**host || strspn(*host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%") != strlen(*host))
    return err_field(e, field, "Not a host: write HOST, HOST:PORT or [IPv6]:PORT");
  if (**host == '-')
    return err_field(e, field, "A host does not begin with \"-\"");
  if (*rest && (*rest != ':' || !int_parse(rest + 1, 1, 65535, port)))
    return err_field(e, field, "Not a port: 1 to 65535 comes after the colon");
  return ERR_NONE;
}

static enum err_code take_ssh(const struct node_add_request *in, struct arena *a, struct node *n, struct err *e)
{
  const char *at = in->ssh ? strrchr(in->ssh, '@') : NULL;
  if (!at || at == in->ssh)
    return err_field(e, "ssh", "Write USER@HOST or USER@HOST:PORT");
  n->ssh_user = arena_strndup(a, in->ssh, (size_t)(at - in->ssh));
  if (*n->ssh_user == '-')
    return err_field(e, "ssh", "A user does not begin with \"-\"");
  TRY(split_address("ssh", at + 1, SSH_PORT, a, &n->ssh_host, &n->ssh_port, e));
  n->host_key = in->host_key;
  return in->host_key ? api_check_host_key("host_key", in->host_key, e) : ERR_NONE;
}

enum err_code api_check_host_key(const char *field, const char *key, struct err *e)
{
  if (!str_starts(key, "SHA256:") || strlen(key) != 50)
    return err_field(e, field, "Write the host key's fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters");
  return ERR_NONE;
}

static enum err_code check_folder(const char *field, const char *path, struct err *e)
{
  if (!path)
    return err_field(e, field, "A node that opsd works on needs it: give the full path");
  size_t len = strlen(path);
  if (path[0] != '/' || (len > 1 && path[len - 1] == '/') || strcmp(path, "/") == 0)
    return err_field(e, field, "Give a full path: it begins with \"/\" and does not end with one");
  if (strstr(path, "/../") || str_ends(path, "/..") || strstr(path, "//"))
    return err_field(e, field, "Give the path without \"..\" and \"//\"");
  return ERR_NONE;
}

static bool only(const char *s, const char *more)
{
  for (; *s; s++)
    if (!isalnum((unsigned char)*s) && !strchr(more, *s))
      return false;
  return true;
}

static enum err_code take_service(const struct node_add_request *in, struct node *n, struct err *e)
{
  if (!in->unit == !in->service)
    return err_field(e, in->unit ? "service" : "unit",
                     "Say how the server is restarted: a systemd unit or a service command, one of the two");
  if (in->unit && (!only(in->unit, "._-@:\\") || *in->unit == '-'))
    return err_field(e, "unit", "Not the name of a systemd unit");
  n->unit = in->unit;
  n->service = in->service;
  n->bootstrap = in->bootstrap;
  return ERR_NONE;
}

static enum err_code take_place(const struct node_add_request *in, struct node *n, struct err *e)
{
  TRY(check_folder("option_file", in->option_file, e));
  TRY(check_folder("cert_dir", in->cert_dir, e));
  if (in->base_dir)
    TRY(check_folder("base_dir", in->base_dir, e));
  if (!in->owner)
    return err_field(e, "owner", "Say which user the server runs as: USER or USER:GROUP");
  const char *colon = strchr(in->owner, ':');
  if (!only(in->owner, "._-:") || *in->owner == '-' || *in->owner == ':' || (colon && (!colon[1] || strchr(colon + 1, ':'))))
    return err_field(e, "owner", "Write USER or USER:GROUP");
  n->option_file = in->option_file;
  n->cert_dir = in->cert_dir;
  n->base_dir = in->base_dir;
  n->owner = in->owner;
  return take_service(in, n, e);
}

static enum err_code refuse_unused(const struct node_add_request *in, struct err *e)
{
  const struct { const char *field; bool given; } unused[] = {
    { "ssh", in->ssh }, { "sudo", in->sudo }, { "option_file", in->option_file }, { "cert_dir", in->cert_dir },
    { "owner", in->owner }, { "unit", in->unit }, { "service", in->service }, { "bootstrap", in->bootstrap },
    { "base_dir", in->base_dir }, { "host_key", in->host_key },
  };
  for (size_t i = 0; i < COUNT_OF(unused); i++)
    if (unused[i].given)
      return err_field(e, unused[i].field, "A node that is only observed has no such setting: leave it out");
  return ERR_NONE;
}

static enum err_code take_roles(const struct node_add_request *in, const char *flavour, struct arena *a, struct node *n,
                                struct err *e)
{
  bool singlestore = str_eq(flavour, "singlestore");
  if (in->roles.count == 0 && singlestore)
    return err_field(e, "roles", "Say what the node is: master, aggregator or leaf");
  if (in->roles.count == 0)
    str_list_add(a, &n->roles, "member");
  for (size_t i = 0; i < in->roles.count; i++) {
    if (str_eq(in->roles.item[i], "member") == singlestore)
      return err_field(e, "roles", singlestore ? "A SingleStore node is a master, an aggregator or a leaf"
                                               : "A %s node is a member; master, aggregator and leaf are SingleStore's",
                       flavour);
    if (!str_list_has(&n->roles, in->roles.item[i]))
      str_list_add(a, &n->roles, in->roles.item[i]);
  }
  return ERR_NONE;
}

enum err_code api_node_from_request(const struct node_add_request *in, const struct cluster *c, struct arena *a,
                                    struct node *n, struct err *e)
{
  const char *group_host;
  int64_t group_port;
  TRY(api_check_name("name", in->name, e));
  n->name = in->name;
  n->cluster_id = c->id;
  n->cluster = c->name;
  n->flavour = c->flavour;
  n->reach = in->reach;
  n->sudo = in->sudo;
  n->dns_names = in->dns_names;
  TRY(take_roles(in, c->flavour, a, n, e));
  TRY(split_address("address", in->address, DATABASE_PORT, a, &n->address, &n->port, e));
  if (in->group_address)
    TRY(split_address("group_address", in->group_address, 4567, a, &group_host, &group_port, e));
  n->group_address = in->group_address;
  if (str_eq(in->reach, "observe"))
    return refuse_unused(in, e);
  if (str_eq(in->reach, "ssh"))
    TRY(take_ssh(in, a, n, e));
  else if (in->ssh || in->host_key)
    return err_field(e, in->ssh ? "ssh" : "host_key", "A node on this machine is reached without SSH: leave it out");
  return take_place(in, n, e);
}
