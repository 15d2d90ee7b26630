-- name: setting_get
SELECT value FROM settings WHERE name = ?1

-- name: setting_set
INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2

-- name: setting_delete
DELETE FROM settings WHERE name = ?1

-- name: secret_get
SELECT id, sealed FROM secrets WHERE name = ?1

-- name: secret_insert
INSERT INTO secrets (name, sealed) VALUES (?1, x'')

-- name: secret_update
UPDATE secrets SET sealed = ?2 WHERE id = ?1

-- name: secret_delete
DELETE FROM secrets WHERE name = ?1

-- name: sealed_secret
SELECT id, sealed FROM secrets LIMIT 1
