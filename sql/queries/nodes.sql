-- part: node_columns
SELECT n.id, n.name, n.cluster_id, cl.name, cl.flavour, n.roles, n.reach, n.ssh_user, n.ssh_host, n.ssh_port, n.sudo,
  n.host_key, n.host_key_seen, n.address, n.port, n.option_file, n.cert_dir, n.owner, n.unit, n.service, n.bootstrap,
  n.base_dir, n.group_address, n.dns_names, n.wanted_cert_id, w.name, w.sha256, n.wanted_ca_id, n.generation, n.created,
  p.id, p.channel, p.state, p.error, p.at, p.server_version, p.protocol, p.cipher, p.client_cert_asked, p.sha256,
  p.subject, p.issuer, p.not_after, p.chain_length, p.unnamed

-- part: node_joins
CROSS JOIN clusters cl ON cl.id = n.cluster_id
LEFT JOIN certificates w ON w.id = n.wanted_cert_id
LEFT JOIN node_probes p ON p.id = n.id

-- The list, by name. ?1 the name after which the page begins, ?2 a cluster's id, ?3 a flavour, ?4 roles (any of these
-- bits; 0: all), ?5 a LIKE pattern, ?6 an FTS5 phrase, ?7 the limit.
-- part: node_filter
  AND (?2 IS NULL OR n.cluster_id = ?2)
  AND (?3 IS NULL OR cl.flavour = ?3)
  AND (?4 = 0 OR n.roles & ?4)
  AND (?5 IS NULL OR (SELECT t.text FROM node_text t WHERE t.id = n.id) LIKE ?5 ESCAPE '!')
ORDER BY n.name LIMIT ?7

-- name: node_list
@node_columns
FROM nodes n
@node_joins
WHERE n.name > ?1
@node_filter

-- name: node_list_cluster
@node_columns
FROM nodes n INDEXED BY nodes_cluster_name
@node_joins
WHERE n.cluster_id = ?2 AND n.name > ?1
@node_filter

-- name: node_list_found
@node_columns
FROM nodes n NOT INDEXED
@node_joins
WHERE n.id IN (SELECT rowid FROM node_fts WHERE node_fts MATCH ?6) AND n.name > ?1
@node_filter

-- name: node_search_count
SELECT count(*) FROM (SELECT 1 FROM node_fts WHERE node_fts MATCH ?1 LIMIT ?2)

-- name: node_by_id
@node_columns
  , h.chain_pem
FROM nodes n
@node_joins
LEFT JOIN node_chains h ON h.id = n.id
WHERE n.id = ?1

-- name: node_by_name
@node_columns
  , h.chain_pem
FROM nodes n
@node_joins
LEFT JOIN node_chains h ON h.id = n.id
WHERE n.name = ?1

-- name: node_id
SELECT id FROM nodes WHERE name = ?1

-- name: node_name
SELECT name FROM nodes WHERE id = ?1

-- name: node_count
SELECT count FROM node_total

-- name: node_insert
INSERT INTO nodes (name, cluster_id, roles, reach, ssh_user, ssh_host, ssh_port, sudo, address, port, option_file,
  cert_dir, owner, unit, service, bootstrap, base_dir, group_address, dns_names, host_key, created)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)

-- name: node_update
UPDATE nodes SET name = ?1, cluster_id = ?2, roles = ?3, reach = ?4, ssh_user = ?5, ssh_host = ?6, ssh_port = ?7,
  sudo = ?8, address = ?9, port = ?10, option_file = ?11, cert_dir = ?12, owner = ?13, unit = ?14, service = ?15,
  bootstrap = ?16, base_dir = ?17, group_address = ?18, dns_names = ?19
WHERE id = ?20

-- name: node_text_insert
INSERT INTO node_text (id, text) VALUES (?1, ?2)

-- name: node_text_delete
DELETE FROM node_text WHERE id = ?1

-- name: node_fts_insert
INSERT INTO node_fts (rowid, text) VALUES (?1, ?2)

-- name: node_fts_delete
INSERT INTO node_fts (node_fts, rowid, text) SELECT 'delete', id, text FROM node_text WHERE id = ?1

-- name: node_rollout
SELECT id FROM rollouts WHERE id IN (SELECT rollout_id FROM rollout_steps WHERE node_id = ?1) AND
@under_way
LIMIT 1

-- name: node_delete
DELETE FROM nodes WHERE id = ?1

-- name: node_set_host_key
UPDATE nodes SET host_key = ?2, host_key_seen = ?3 WHERE id = ?1

-- name: node_set_probe
UPDATE nodes SET probe_state = ?2, probe_not_after = ?3 WHERE id = ?1

-- name: node_probe_set
INSERT INTO node_probes (id, channel, state, error, at, server_version, protocol, cipher, client_cert_asked, sha256,
  subject, issuer, not_after, chain_length, unnamed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (id) DO UPDATE SET channel = ?2, state = ?3, error = ?4, at = ?5, server_version = ?6, protocol = ?7,
  cipher = ?8, client_cert_asked = ?9, sha256 = ?10, subject = ?11, issuer = ?12, not_after = ?13, chain_length = ?14,
  unnamed = ?15

-- name: node_chain_set
INSERT INTO node_chains (id, chain_pem) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET chain_pem = ?2

-- name: node_chain_delete
DELETE FROM node_chains WHERE id = ?1

-- name: node_set_wanted
UPDATE nodes SET wanted_cert_id = ?2, wanted_ca_id = ?3, generation = ?4 WHERE id = ?1
