-- What the running application may do to a PostgreSQL database: everything but to change or remove what is proof.
--
-- Run it as the owner of the tables, after each `airlock db upgrade`. The API, the jobs and `airlock publish` sign in
-- as airlock_app; the owner is for upgrades, dumps and this file. A password: ALTER ROLE airlock_app PASSWORD '…'.
DO $$
BEGIN
  CREATE ROLE airlock_app LOGIN;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO airlock_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO airlock_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO airlock_app;

-- Lines are added; a correction is one more line.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries, evidence, regrades, attendances, sign_offs, counter_signatures,
  presence_signatures, door_entries, admissions FROM airlock_app;
-- What people typed may be erased, and never put in other words.
REVOKE UPDATE, TRUNCATE ON audit_texts FROM airlock_app;
-- The head moves on, and is always there.
REVOKE INSERT, DELETE, TRUNCATE ON audit_head FROM airlock_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM airlock_app;
