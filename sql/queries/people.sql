-- part: user_columns
SELECT id, name, role, created, last_seen

-- name: user_list
@user_columns
FROM users WHERE name > ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '!') ORDER BY name LIMIT ?3

-- name: user_get
@user_columns
  , hash FROM users WHERE name = ?1

-- name: user_counts
SELECT (SELECT count(*) FROM users WHERE role = 'admin'), (SELECT count(*) FROM users)

-- name: user_insert
INSERT INTO users (name, role, hash, created) VALUES (?1, ?2, ?3, ?4)

-- name: user_set_role
UPDATE users SET role = ?2 WHERE id = ?1

-- name: user_set_hash
UPDATE users SET hash = ?2 WHERE id = ?1

-- name: user_seen
UPDATE users SET last_seen = ?2 WHERE id = (SELECT user_id FROM sessions WHERE digest = ?1)

-- name: user_delete
DELETE FROM users WHERE id = ?1

-- name: user_end_sessions
DELETE FROM sessions WHERE user_id = ?1 AND digest IS NOT ?2

-- name: session_insert
INSERT INTO sessions (digest, user_id, created, seen, expires) VALUES (?1, ?2, ?3, ?3, ?4)

-- name: session_get
SELECT s.user_id, u.name, u.role, s.created, s.seen, s.expires
FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.digest = ?1 AND s.expires > ?2

-- name: session_seen
UPDATE sessions SET seen = ?2 WHERE digest = ?1

-- name: session_delete
DELETE FROM sessions WHERE digest = ?1

-- name: session_sweep
DELETE FROM sessions WHERE expires <= ?1 OR seen <= ?2

-- part: token_columns
SELECT id, name, role, created_by, created, expires, last_used FROM tokens

-- Newest first.
-- name: token_list
@token_columns
WHERE id < ?1 ORDER BY id DESC LIMIT ?2

-- name: token_get
@token_columns
WHERE digest = ?1

-- name: token_id
SELECT id FROM tokens WHERE name = ?1

-- name: token_insert
INSERT INTO tokens (name, role, digest, created_by, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- name: token_seen
UPDATE tokens SET last_used = ?2 WHERE id = ?1

-- name: token_delete
DELETE FROM tokens WHERE id = ?1

-- name: throttle_get
SELECT failures, last FROM throttle WHERE key = ?1

-- name: throttle_set
INSERT INTO throttle (key, failures, last) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET failures = ?2, last = ?3

-- name: throttle_delete
DELETE FROM throttle WHERE key = ?1

-- name: throttle_sweep
DELETE FROM throttle WHERE last < ?1
