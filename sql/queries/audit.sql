-- part: under_way
  state IN ('queued', 'running', 'paused', 'interrupted')

-- Newest first. ?1 the id before which the page begins, ?2 who, ?3 an operation, ?4 a LIKE pattern, ?5 the lowest id to
-- look at, ?6 the limit.
-- part: audit_columns
SELECT id, at, who, origin, operation, target, result, detail FROM audit

-- part: audit_filter
  AND (?2 IS NULL OR who = ?2)
  AND (?3 IS NULL OR operation = ?3)
  AND (?4 IS NULL OR detail LIKE ?4 ESCAPE '!' OR target LIKE ?4 ESCAPE '!' OR who LIKE ?4 ESCAPE '!'
       OR operation LIKE ?4 ESCAPE '!' OR origin LIKE ?4 ESCAPE '!')
ORDER BY id DESC LIMIT ?6

-- name: audit_list
@audit_columns
  NOT INDEXED WHERE id < ?1 AND id >= ?5
@audit_filter

-- name: audit_list_who
@audit_columns
  INDEXED BY audit_who WHERE who = ?2 AND id < ?1 AND id >= ?5
@audit_filter

-- name: audit_list_operation
@audit_columns
  INDEXED BY audit_operation WHERE operation = ?3 AND id < ?1 AND id >= ?5
@audit_filter

-- name: audit_newest
SELECT max(id) FROM audit

-- name: audit_insert
INSERT INTO audit (at, who, origin, operation, target, result, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
