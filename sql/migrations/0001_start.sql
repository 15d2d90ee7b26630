-- The first format. Ids are AUTOINCREMENT: "certificate 12" in an audit row never comes to mean another one, and what
-- was sealed under a row's id never opens under a later row's. Lists read narrow rows; PEM, keys, journals' orders and
-- texts to search in have tables of their own. Instants are seconds (columns …_ms: milliseconds) since 1970, UTC.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL
) STRICT;

-- certificates -------------------------------------------------------------------------------------------------------

CREATE TABLE certificates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  kind TEXT NOT NULL CHECK (kind IN ('leaf', 'intermediate', 'root', 'self-signed')),
  subject TEXT NOT NULL,
  issuer TEXT NOT NULL,
  common_name TEXT,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  key_type TEXT NOT NULL,
  key_bits INTEGER NOT NULL,
  curve TEXT,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  has_key INTEGER NOT NULL DEFAULT 0 CHECK (has_key IN (0, 1)),
  used_by INTEGER NOT NULL DEFAULT 0 CHECK (used_by >= 0), -- nodes that are to serve it; kept by triggers
  created INTEGER NOT NULL
) STRICT;
-- One for each order of the list: of all, within a kind, among those with a key. An index ends in the id by itself, and
-- "newest" is the id's own order.
CREATE INDEX certificates_expiry ON certificates (not_after);
CREATE INDEX certificates_name ON certificates (name);
CREATE INDEX certificates_kind_expiry ON certificates (kind, not_after);
CREATE INDEX certificates_kind_name ON certificates (kind, name);
CREATE INDEX certificates_kind_newest ON certificates (kind);
CREATE INDEX certificates_key_expiry ON certificates (not_after) WHERE has_key = 1;
CREATE INDEX certificates_key_name ON certificates (name) WHERE has_key = 1;
CREATE INDEX certificates_key_newest ON certificates (id) WHERE has_key = 1;
CREATE INDEX certificates_subject ON certificates (subject, not_after);

CREATE TABLE certificate_material (
  id INTEGER PRIMARY KEY REFERENCES certificates (id) ON DELETE CASCADE,
  pem TEXT NOT NULL,
  key_sealed BLOB
) STRICT;
CREATE INDEX certificate_material_sealed ON certificate_material (id) WHERE key_sealed IS NOT NULL;

-- Name, subject, issuer and SANs, one a line: what a search of three characters or more looks into. The index beside it
-- is kept in step by statements and not by triggers: with trusted_schema off, triggers may not touch a virtual table.
CREATE TABLE certificate_text (
  id INTEGER PRIMARY KEY REFERENCES certificates (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE certificate_fts USING fts5 (
  text, content = 'certificate_text', content_rowid = 'id', tokenize = 'trigram'
);

-- fingerprints and serial numbers as plain lower-case hex, found by how they begin
CREATE TABLE certificate_hex (
  hex TEXT NOT NULL,
  id INTEGER NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  PRIMARY KEY (hex, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_hex_id ON certificate_hex (id);

CREATE TABLE certificate_totals (
  kind TEXT PRIMARY KEY,
  count INTEGER NOT NULL CHECK (count >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO certificate_totals VALUES ('leaf', 0), ('intermediate', 0), ('root', 0), ('self-signed', 0);
CREATE TRIGGER certificate_added AFTER INSERT ON certificates BEGIN
  UPDATE certificate_totals SET count = count + 1 WHERE kind = new.kind;
END;
CREATE TRIGGER certificate_removed AFTER DELETE ON certificates BEGIN
  UPDATE certificate_totals SET count = count - 1 WHERE kind = old.kind;
END;

-- clusters and nodes -------------------------------------------------------------------------------------------------

CREATE TABLE clusters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name GLOB '*[^0-9]*'), -- a reference that is all digits is an id
  flavour TEXT NOT NULL CHECK (flavour IN ('singlestore', 'pxc', 'mariadb', 'mysql')),
  db_user TEXT,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE cluster_secrets (
  id INTEGER PRIMARY KEY REFERENCES clusters (id) ON DELETE CASCADE,
  db_password_sealed BLOB NOT NULL
) STRICT;

CREATE TABLE nodes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name GLOB '*[^0-9]*'),
  cluster_id INTEGER NOT NULL REFERENCES clusters (id),
  roles INTEGER NOT NULL CHECK (roles BETWEEN 0 AND 15), -- 1 master, 2 aggregator, 4 leaf, 8 member
  reach TEXT NOT NULL CHECK (reach IN ('ssh', 'local', 'observe')),
  ssh_user TEXT,
  ssh_host TEXT,
  ssh_port INTEGER NOT NULL CHECK (ssh_port BETWEEN 0 AND 65535),
  sudo INTEGER NOT NULL CHECK (sudo IN (0, 1)),
  host_key TEXT,
  host_key_seen TEXT,
  address TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
  option_file TEXT,
  cert_dir TEXT,
  owner TEXT,
  unit TEXT,
  service TEXT,
  bootstrap TEXT,
  base_dir TEXT,
  group_address TEXT,
  dns_names TEXT NOT NULL, -- one a line
  wanted_cert_id INTEGER REFERENCES certificates (id),
  wanted_ca_id INTEGER REFERENCES certificates (id),
  generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0),
  probe_state TEXT CHECK (probe_state IN ('tls', 'plaintext', 'unreachable', 'failed', 'unknown')), -- of node_probes
  probe_not_after INTEGER,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX nodes_cluster_name ON nodes (cluster_id, name);
CREATE INDEX nodes_cluster_state ON nodes (cluster_id, probe_state);
CREATE INDEX nodes_cluster_expiry ON nodes (cluster_id, probe_not_after);
CREATE INDEX nodes_cluster_cert ON nodes (cluster_id, wanted_cert_id);
CREATE INDEX nodes_cluster_ca ON nodes (cluster_id, wanted_ca_id);
CREATE INDEX nodes_cert ON nodes (wanted_cert_id);
CREATE INDEX nodes_ca ON nodes (wanted_ca_id);

CREATE TRIGGER node_wants AFTER UPDATE OF wanted_cert_id ON nodes BEGIN
  UPDATE certificates SET used_by = used_by - 1 WHERE id = old.wanted_cert_id;
  UPDATE certificates SET used_by = used_by + 1 WHERE id = new.wanted_cert_id;
END;
CREATE TRIGGER node_added AFTER INSERT ON nodes BEGIN
  UPDATE certificates SET used_by = used_by + 1 WHERE id = new.wanted_cert_id;
  UPDATE node_total SET count = count + 1;
END;
CREATE TRIGGER node_removed AFTER DELETE ON nodes BEGIN
  UPDATE certificates SET used_by = used_by - 1 WHERE id = old.wanted_cert_id;
  UPDATE node_total SET count = count - 1;
END;

CREATE TABLE node_total (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  count INTEGER NOT NULL CHECK (count >= 0)
) STRICT;
INSERT INTO node_total VALUES (1, 0);

CREATE TABLE node_probes (
  id INTEGER PRIMARY KEY REFERENCES nodes (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('tls', 'plaintext', 'unreachable', 'failed', 'unknown')),
  error TEXT,
  at INTEGER NOT NULL,
  server_version TEXT,
  protocol TEXT,
  cipher TEXT,
  client_cert_asked INTEGER NOT NULL CHECK (client_cert_asked IN (0, 1)),
  sha256 TEXT,
  subject TEXT,
  issuer TEXT,
  not_after INTEGER,
  chain_length INTEGER NOT NULL,
  unnamed TEXT -- the node's names and addresses that the certificate is not made out to
) STRICT;

CREATE TABLE node_chains (
  id INTEGER PRIMARY KEY REFERENCES nodes (id) ON DELETE CASCADE,
  chain_pem TEXT NOT NULL
) STRICT;

-- name, address, DNS names
CREATE TABLE node_text (
  id INTEGER PRIMARY KEY REFERENCES nodes (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE node_fts USING fts5 (text, content = 'node_text', content_rowid = 'id', tokenize = 'trigram');

-- rollouts -----------------------------------------------------------------------------------------------------------

-- The journal outlives what it tells of: names are kept as they were.
CREATE TABLE rollouts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  cluster_id INTEGER REFERENCES clusters (id) ON DELETE SET NULL,
  cluster TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('push', 'config', 'restart')),
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'failed', 'interrupted', 'done')),
  error TEXT,
  by TEXT NOT NULL,
  created INTEGER NOT NULL,
  ended INTEGER,
  cert_id INTEGER REFERENCES certificates (id) ON DELETE SET NULL,
  ca_id INTEGER REFERENCES certificates (id) ON DELETE SET NULL,
  steps_done INTEGER NOT NULL DEFAULT 0 CHECK (steps_done >= 0), -- done or skipped; kept by triggers
  steps_total INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Under way; one for each cluster. A failed one has ended: it can be resumed while no other is under way.
CREATE UNIQUE INDEX rollouts_under_way ON rollouts (cluster_id)
  WHERE state IN ('queued', 'running', 'paused', 'interrupted');
CREATE INDEX rollouts_cluster ON rollouts (cluster);
CREATE INDEX rollouts_cluster_id ON rollouts (cluster_id);
CREATE INDEX rollouts_state ON rollouts (state);
CREATE INDEX rollouts_cert ON rollouts (cert_id);
CREATE INDEX rollouts_ca ON rollouts (ca_id);

CREATE TABLE rollout_orders (
  id INTEGER PRIMARY KEY REFERENCES rollouts (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE rollout_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rollout_id INTEGER NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE,
  node_id INTEGER REFERENCES nodes (id) ON DELETE SET NULL,
  node TEXT NOT NULL,
  action TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'skipped')),
  detail TEXT,
  started_ms INTEGER NOT NULL DEFAULT 0,
  ended_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX rollout_steps_rollout ON rollout_steps (rollout_id);
CREATE INDEX rollout_steps_node ON rollout_steps (node_id);
CREATE INDEX rollout_steps_running ON rollout_steps (id) WHERE state = 'running';

CREATE TRIGGER rollout_step_added AFTER INSERT ON rollout_steps BEGIN
  UPDATE rollouts SET steps_total = steps_total + 1 WHERE id = new.rollout_id;
END;
CREATE TRIGGER rollout_step_done AFTER UPDATE OF state ON rollout_steps
WHEN (old.state IN ('done', 'skipped')) <> (new.state IN ('done', 'skipped')) BEGIN
  UPDATE rollouts SET steps_done = steps_done + iif(new.state IN ('done', 'skipped'), 1, -1) WHERE id = new.rollout_id;
END;

-- people -------------------------------------------------------------------------------------------------------------

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_seen INTEGER
) STRICT;
CREATE INDEX users_role ON users (role);

CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  digest TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  last_used INTEGER
) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY, -- rows are never deleted, so no id comes twice
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  origin TEXT NOT NULL,
  operation TEXT NOT NULL,
  target TEXT,
  result TEXT NOT NULL,
  detail TEXT
) STRICT;
CREATE INDEX audit_who ON audit (who);
CREATE INDEX audit_operation ON audit (operation);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'audit rows are not changed');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
  SELECT raise(ABORT, 'audit rows are not deleted');
END;

CREATE TABLE throttle (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_last ON throttle (last);
