-- part: rollout_columns
SELECT id, cluster_id, cluster, kind, title, state, error, by, created, ended, steps_done, steps_total FROM rollouts

-- Newest first. ?1 the id before which the page begins, ?2 a cluster's name, ?3 a state, ?4 the limit.
-- name: rollout_list
@rollout_columns
NOT INDEXED WHERE id < ?1 ORDER BY id DESC LIMIT ?4

-- name: rollout_list_cluster
@rollout_columns
INDEXED BY rollouts_cluster WHERE cluster = ?2 AND id < ?1 AND (?3 IS NULL OR state = ?3) ORDER BY id DESC LIMIT ?4

-- name: rollout_list_state
@rollout_columns
INDEXED BY rollouts_state WHERE state = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?4

-- name: rollout_get
@rollout_columns
WHERE id = ?1

-- name: rollout_order
SELECT text FROM rollout_orders WHERE id = ?1

-- name: rollout_steps
SELECT id, node_id, node, action, title, state, detail, started_ms, ended_ms FROM rollout_steps
WHERE rollout_id = ?1 ORDER BY id

-- name: rollout_under_way
@rollout_columns
INDEXED BY rollouts_under_way WHERE cluster_id = ?1 AND
@under_way

-- name: rollout_insert
INSERT INTO rollouts (cluster_id, cluster, kind, title, state, by, created, cert_id, ca_id)
VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6, ?7, ?8)

-- name: rollout_order_insert
INSERT INTO rollout_orders (id, text) VALUES (?1, ?2)

-- name: rollout_step_insert
INSERT INTO rollout_steps (rollout_id, node_id, node, action, title)
VALUES (?1, ?2, coalesce((SELECT name FROM nodes WHERE id = ?2), ''), ?3, ?4)

-- name: rollout_set_state
UPDATE rollouts SET state = ?2, error = ?3, ended = ?4 WHERE id = ?1

-- name: rollout_step_set
UPDATE rollout_steps SET state = ?2, detail = coalesce(?3, detail),
  started_ms = CASE ?2 WHEN 'running' THEN iif(state = 'running', started_ms, ?4) WHEN 'waiting' THEN 0
    ELSE started_ms END,
  ended_ms = CASE WHEN ?2 IN ('running', 'waiting') THEN 0 ELSE ?4 END
WHERE id = ?1

-- name: rollout_interrupt
UPDATE rollouts SET state = 'interrupted' WHERE state IN ('queued', 'running')

-- name: rollout_steps_interrupt
UPDATE rollout_steps SET state = 'waiting', started_ms = 0 WHERE state = 'running'
