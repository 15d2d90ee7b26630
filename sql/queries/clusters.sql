-- part: cluster_columns
SELECT c.id, c.name, c.flavour, c.db_user, EXISTS (SELECT 1 FROM cluster_secrets s WHERE s.id = c.id),
  (SELECT count(*) FROM nodes WHERE cluster_id = c.id),
  (SELECT count(*) FROM nodes WHERE cluster_id = c.id AND probe_state = 'tls'),
  (SELECT count(*) FROM nodes WHERE cluster_id = c.id AND probe_state = 'plaintext'),
  (SELECT probe_not_after FROM nodes INDEXED BY nodes_cluster_expiry
   WHERE cluster_id = c.id AND probe_not_after IS NOT NULL ORDER BY probe_not_after LIMIT 1),
  (SELECT id FROM rollouts INDEXED BY rollouts_under_way WHERE cluster_id = c.id AND
@under_way
  ),
  c.created
FROM clusters c

-- name: cluster_by_id
@cluster_columns
WHERE c.id = ?1

-- name: cluster_by_name
@cluster_columns
WHERE c.name = ?1

-- name: cluster_list
@cluster_columns
WHERE c.name > ?1 AND (?2 IS NULL OR c.name LIKE ?2 ESCAPE '!')
ORDER BY c.name LIMIT ?3

-- name: cluster_id
SELECT id FROM clusters WHERE name = ?1

-- name: cluster_name
SELECT name FROM clusters WHERE id = ?1

-- name: cluster_insert
INSERT INTO clusters (name, flavour, db_user, created) VALUES (?1, ?2, ?3, ?4)

-- name: cluster_secret_insert
INSERT INTO cluster_secrets (id, db_password_sealed) VALUES (?1, ?2)

-- name: cluster_secret
SELECT id, db_password_sealed FROM cluster_secrets WHERE id = ?1

-- name: cluster_node_count
SELECT count(*) FROM nodes WHERE cluster_id = ?1

-- name: cluster_delete
DELETE FROM clusters WHERE id = ?1

-- name: sealed_cluster
SELECT id, db_password_sealed FROM cluster_secrets LIMIT 1
