-- Two roles: onrecord_owner migrates the schema and owns it, onrecord_server reads and writes rows and can change nothing
-- else. Run it as administrator, in the database of onrecord and before its first migration. Run once more after it, it
-- also takes from the server what it could write to the record of migrations.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_owner') THEN
        CREATE ROLE onrecord_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_server') THEN
        CREATE ROLE onrecord_server LOGIN;
    END IF;
END
$$;

-- An administrator who is no superuser, as in managed databases, may set the defaults of a role only as its member.
GRANT onrecord_owner TO CURRENT_USER;

-- Until PostgreSQL 14 everybody may create tables there.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO onrecord_owner;
GRANT USAGE ON SCHEMA public TO onrecord_server;

-- What is there already, and what each later migration adds. Functions may be called by everybody by default.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO onrecord_server;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO onrecord_server;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO onrecord_server;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO onrecord_server;

DO $$
BEGIN
    IF to_regclass('public._sqlx_migrations') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON public._sqlx_migrations FROM onrecord_server;
    END IF;
END
$$;
