-- part: cert_columns
SELECT c.id, c.name, c.kind, c.subject, c.issuer, c.common_name, c.not_before, c.not_after, c.key_type, c.key_bits,
  c.curve, c.sha256, c.has_key, c.used_by, c.created

-- The list. ?1 and ?2 are the keys of the row after which the page begins, ?3 a kind, ?4 1 for those with a key, ?5 the
-- latest not_after, ?6 a cluster's id, ?7 a LIKE pattern, ?8 an FTS5 phrase, ?9 and ?10 the range that a hex prefix
-- spans, ?11 the limit. A statement for each order and for each way to come by few rows: all in order, one kind, those
-- with a key, a cluster's, those found by a search that finds few. The rest of the filters is checked row by row.

-- part: cert_filter
  AND (?3 IS NULL OR c.kind = ?3)
  AND c.has_key >= ?4
  AND c.not_after <= ?5
  AND (?6 IS NULL OR c.id IN (SELECT wanted_cert_id FROM nodes WHERE cluster_id = ?6
                              UNION ALL SELECT wanted_ca_id FROM nodes WHERE cluster_id = ?6))
  AND (?7 IS NULL OR (SELECT t.text FROM certificate_text t WHERE t.id = c.id) LIKE ?7 ESCAPE '!'
       OR c.id IN (SELECT id FROM certificate_hex WHERE hex >= ?9 AND hex < ?10))

-- part: cert_of_cluster
FROM certificates c NOT INDEXED
WHERE c.id IN (SELECT wanted_cert_id FROM nodes WHERE cluster_id = ?6
               UNION ALL SELECT wanted_ca_id FROM nodes WHERE cluster_id = ?6)

-- part: cert_found
FROM certificates c NOT INDEXED
WHERE c.id IN (SELECT rowid FROM certificate_fts WHERE certificate_fts MATCH ?8
               UNION ALL SELECT id FROM certificate_hex WHERE hex >= ?9 AND hex < ?10)

-- name: cert_list_expiry
@cert_columns
FROM certificates c INDEXED BY certificates_expiry WHERE (c.not_after, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.not_after, c.id LIMIT ?11

-- name: cert_list_expiry_kind
@cert_columns
FROM certificates c INDEXED BY certificates_kind_expiry WHERE c.kind = ?3 AND (c.not_after, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.not_after, c.id LIMIT ?11

-- name: cert_list_expiry_key
@cert_columns
FROM certificates c INDEXED BY certificates_key_expiry WHERE c.has_key = 1 AND (c.not_after, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.not_after, c.id LIMIT ?11

-- name: cert_list_expiry_cluster
@cert_columns
@cert_of_cluster
  AND (c.not_after, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.not_after, c.id LIMIT ?11

-- name: cert_list_expiry_found
@cert_columns
@cert_found
  AND (c.not_after, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.not_after, c.id LIMIT ?11

-- name: cert_list_name
@cert_columns
FROM certificates c INDEXED BY certificates_name WHERE (c.name, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.name, c.id LIMIT ?11

-- name: cert_list_name_kind
@cert_columns
FROM certificates c INDEXED BY certificates_kind_name WHERE c.kind = ?3 AND (c.name, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.name, c.id LIMIT ?11

-- name: cert_list_name_key
@cert_columns
FROM certificates c INDEXED BY certificates_key_name WHERE c.has_key = 1 AND (c.name, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.name, c.id LIMIT ?11

-- name: cert_list_name_cluster
@cert_columns
@cert_of_cluster
  AND (c.name, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.name, c.id LIMIT ?11

-- name: cert_list_name_found
@cert_columns
@cert_found
  AND (c.name, c.id) > (?1, ?2)
@cert_filter
ORDER BY c.name, c.id LIMIT ?11

-- name: cert_list_newest
@cert_columns
FROM certificates c NOT INDEXED WHERE c.id < ?2
@cert_filter
ORDER BY c.id DESC LIMIT ?11

-- name: cert_list_newest_kind
@cert_columns
FROM certificates c INDEXED BY certificates_kind_newest WHERE c.kind = ?3 AND c.id < ?2
@cert_filter
ORDER BY c.id DESC LIMIT ?11

-- name: cert_list_newest_key
@cert_columns
FROM certificates c INDEXED BY certificates_key_newest WHERE c.has_key = 1 AND c.id < ?2
@cert_filter
ORDER BY c.id DESC LIMIT ?11

-- name: cert_list_newest_cluster
@cert_columns
@cert_of_cluster
  AND c.id < ?2
@cert_filter
ORDER BY c.id DESC LIMIT ?11

-- name: cert_list_newest_found
@cert_columns
@cert_found
  AND c.id < ?2
@cert_filter
ORDER BY c.id DESC LIMIT ?11

-- how many a search finds, counted no further than ?2
-- name: cert_search_count
SELECT count(*) FROM (SELECT 1 FROM certificate_fts WHERE certificate_fts MATCH ?1 LIMIT ?2)

-- name: cert_totals
SELECT
  (SELECT count FROM certificate_totals WHERE kind = 'leaf')
    + (SELECT count FROM certificate_totals WHERE kind = 'self-signed'),
  (SELECT count FROM certificate_totals WHERE kind = 'intermediate')
    + (SELECT count FROM certificate_totals WHERE kind = 'root'),
  (SELECT count(*) FROM certificates INDEXED BY certificates_expiry WHERE not_after < ?1),
  (SELECT count(*) FROM certificates INDEXED BY certificates_expiry WHERE not_after <= ?1 + 30 * 86400),
  (SELECT count(*) FROM certificates INDEXED BY certificates_expiry WHERE not_after <= ?1 + 60 * 86400)

-- name: cert_get
@cert_columns
  , m.pem
FROM certificates c JOIN certificate_material m ON m.id = c.id WHERE c.id = ?1

-- name: cert_by_sha256
@cert_columns
FROM certificates c WHERE c.sha256 = ?1

-- name: cert_by_subject
@cert_columns
  , m.pem
FROM certificates c INDEXED BY certificates_subject JOIN certificate_material m ON m.id = c.id
WHERE c.subject = ?1 ORDER BY c.not_after DESC LIMIT ?2

-- name: cert_key
SELECT id, key_sealed FROM certificate_material WHERE id = ?1

-- name: cert_same
SELECT id, name, has_key FROM certificates WHERE sha256 = ?1

-- name: cert_insert
INSERT INTO certificates (name, kind, subject, issuer, common_name, not_before, not_after, key_type, key_bits, curve,
  sha256, has_key, created)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)

-- name: cert_material_insert
INSERT INTO certificate_material (id, pem, key_sealed) VALUES (?1, ?2, ?3)

-- name: cert_material_update
UPDATE certificate_material SET pem = ?2, key_sealed = ?3 WHERE id = ?1

-- name: cert_set_has_key
UPDATE certificates SET has_key = 1 WHERE id = ?1

-- name: cert_text_insert
INSERT INTO certificate_text (id, text) VALUES (?1, ?2)

-- name: cert_fts_insert
INSERT INTO certificate_fts (rowid, text) VALUES (?1, ?2)

-- name: cert_fts_delete
INSERT INTO certificate_fts (certificate_fts, rowid, text) SELECT 'delete', id, text FROM certificate_text WHERE id = ?1

-- name: cert_hex_insert
INSERT OR IGNORE INTO certificate_hex (hex, id) VALUES (?1, ?2)

-- name: cert_name
SELECT name FROM certificates WHERE id = ?1

-- name: cert_delete
DELETE FROM certificates WHERE id = ?1

-- name: cert_uses
SELECT n.id, n.name, cl.name, n.cert_dir, n.generation, w.sha256, p.state, p.sha256, n.wanted_cert_id = ?1
FROM (SELECT id FROM nodes WHERE wanted_cert_id = ?1 UNION SELECT id FROM nodes WHERE wanted_ca_id = ?1
      ORDER BY 1 LIMIT ?2) u
CROSS JOIN nodes n ON n.id = u.id CROSS JOIN clusters cl ON cl.id = n.cluster_id
LEFT JOIN certificates w ON w.id = n.wanted_cert_id LEFT JOIN node_probes p ON p.id = n.id

-- name: cert_use_counts
SELECT
  (SELECT count(*) FROM (SELECT id FROM nodes WHERE wanted_cert_id = ?1
                         UNION SELECT id FROM nodes WHERE wanted_ca_id = ?1)),
  (SELECT id FROM rollouts WHERE cert_id = ?1 AND
@under_way
  LIMIT 1),
  (SELECT id FROM rollouts WHERE ca_id = ?1 AND
@under_way
  LIMIT 1)

-- name: sealed_certificate
SELECT id, key_sealed FROM certificate_material INDEXED BY certificate_material_sealed
WHERE key_sealed IS NOT NULL LIMIT 1
