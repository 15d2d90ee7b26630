#include <string.h>

#include <libssh/libssh.h>

#include "remote/remote.h"

static void key_cleanup(ssh_key *k)
{
  ssh_key_free(*k);
}

static void text_cleanup(char **text)
{
  if (*text)
    explicit_bzero(*text, strlen(*text));
  ssh_string_free_char(*text);
}

/* "ssh-ed25519 AAAA… comment": a comment's line break would begin another authorized key */
static enum err_code public_line(ssh_key key, const char *comment, struct buf *out, struct err *e)
{
  CLEANUP(text_cleanup) char *text = NULL;
  if (strpbrk(comment, "\r\n"))
    return err_set(e, ERR_INVALID, "The comment of an SSH key is one line");
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK)
    return err_set(e, ERR_INTERNAL, "The public SSH key cannot be written");
  buf_printf(out, "%s %s%s%s", ssh_key_type_to_char(ssh_key_type(key)), text, *comment ? " " : "", comment);
  return ERR_NONE;
}

enum err_code remote_key_make(const char *comment, struct buf *private_pem, struct buf *public_out, struct err *e)
{
  CLEANUP(key_cleanup) ssh_key key = NULL;
  CLEANUP(text_cleanup) char *text = NULL;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK)
    return err_set(e, ERR_INTERNAL, "An SSH key cannot be made");
  if (ssh_pki_export_privkey_base64(key, NULL, NULL, NULL, &text) != SSH_OK)
    return err_set(e, ERR_INTERNAL, "The private SSH key cannot be written");
  TRY(public_line(key, comment, public_out, e));
  buf_str(private_pem, text);
  return ERR_NONE;
}

enum err_code remote_key_public(const char *private_pem, const char *comment, struct arena *a, const char **line,
                                const char **fingerprint, struct err *e)
{
  CLEANUP(key_cleanup) ssh_key key = NULL;
  CLEANUP(text_cleanup) char *text = NULL;
  AUTO_BUF struct buf b = BUF_INIT;
  unsigned char *hash = NULL;
  size_t len = 0;
  if (ssh_pki_import_privkey_base64(private_pem, NULL, NULL, NULL, &key) != SSH_OK)
    return err_set(e, ERR_INVALID, "This is no private SSH key without a passphrase");
  TRY(public_line(key, comment, &b, e));
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) != SSH_OK)
    return err_set(e, ERR_INTERNAL, "The fingerprint of the SSH key cannot be made");
  text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
  ssh_clean_pubkey_hash(&hash);
  *line = arena_strndup(a, b.data, b.len);
  *fingerprint = arena_strdup(a, text);
  return ERR_NONE;
}
