package sqlaccess

// The texts hold for PostgreSQL 13 and later, and for an administrator who is no superuser: LOGIN, CREATEROLE and the owner of the
// database. From PostgreSQL 16 on, who creates a role may give it on, but is not a member until they give it to themselves; before,
// CREATEROLE gives every role on. GRANT ... TO CURRENT_USER is right for both.
// https://www.postgresql.org/docs/16/role-attributes.html, https://www.postgresql.org/docs/16/role-membership.html
//
// The lock is held until the transaction ends. Without it, users who are made or dropped at the same time would meet at the same
// rows of the catalog, and one of them would fail.

// postgresSetup is about everything but a single user. A role that bears the name of a group and is not ours might have any
// rights, so it is refused. What the administrator created while credentials were static becomes the owner group's; a table that is
// in use is left for the next time, and one in somebody else's schema stays the administrator's. The default privileges come last
// and say that all is done: roles are the server's, but these are this database's, which may have been dropped and made anew.
// CONNECT stays with PUBLIC: all users of the server are users of this database, and those that somebody made by hand would be
// locked out.
const postgresSetup = `DO $goldenpath$
DECLARE
  name text;
  item record;
  busy boolean := false;
  me oid := (SELECT oid FROM pg_roles WHERE rolname = CURRENT_USER);
  before text := current_setting('lock_timeout');
BEGIN
  IF EXISTS (SELECT FROM pg_default_acl JOIN pg_roles r ON r.oid = defaclrole WHERE rolname = '<owner>') THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('goldenpath'));
  IF EXISTS (SELECT FROM pg_default_acl JOIN pg_roles r ON r.oid = defaclrole WHERE rolname = '<owner>') THEN
    RETURN;
  END IF;
  FOREACH name IN ARRAY ARRAY['<owner>', '<writer>', '<reader>'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      EXECUTE format('COMMENT ON ROLE %I IS %L', name, 'goldenpath');
    ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name AND shobj_description(oid, 'pg_authid') = 'goldenpath') THEN
      RAISE EXCEPTION 'the role % is there already and not a group of Goldenpath: give it another name', name;
    END IF;
    EXECUTE format('GRANT %I TO CURRENT_USER', name);
  END LOOP;
  REVOKE TEMPORARY ON DATABASE "<database>" FROM PUBLIC;
  GRANT CONNECT ON DATABASE "<database>" TO "<owner>", "<writer>", "<reader>";
  GRANT TEMPORARY ON DATABASE "<database>" TO "<owner>", "<writer>";
  GRANT CREATE ON DATABASE "<database>" TO "<owner>";
  FOR item IN SELECT nspname FROM pg_namespace n
    WHERE (nspname = 'public' AND pg_has_role(nspowner, 'USAGE')) OR (nspowner = me
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = n.oid AND deptype = 'e'))
  LOOP
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', item.nspname);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', item.nspname, '<writer>', '<reader>');
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', item.nspname, '<owner>');
  END LOOP;
  PERFORM set_config('lock_timeout', '1s', true);
  FOR item IN SELECT c.oid::regclass AS what, relkind = 'S' AS sequence, relowner = me AND NOT (relkind = 'S' AND EXISTS (
      SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND refobjsubid > 0 AND deptype IN ('a', 'i'))) AS adopt
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relowner IN (me, '"<owner>"'::regrole) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  LOOP
    IF item.sequence THEN
      EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO %I', item.what, '<writer>');
      EXECUTE format('GRANT SELECT ON SEQUENCE %s TO %I', item.what, '<reader>');
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', item.what, '<writer>');
      EXECUTE format('GRANT SELECT ON %s TO %I', item.what, '<reader>');
    END IF;
    CONTINUE WHEN NOT item.adopt;
    BEGIN
      EXECUTE format('ALTER TABLE %s OWNER TO %I', item.what, '<owner>');
    EXCEPTION
      WHEN lock_not_available THEN
        busy := true;
      WHEN insufficient_privilege THEN
        NULL;
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', before, true);
  IF NOT busy THEN
    <defaults>;
  END IF;
END
$goldenpath$`

// postgresRevoke ends the sessions first, for they hold locks, and once more at the end, for one may have begun since. What the
// user owns goes to the owner group. Where the user left something in another database, which no statement here reaches, the
// role stays and cannot log in.
const postgresRevoke = `DO $goldenpath$
DECLARE
  id oid := (SELECT oid FROM pg_roles WHERE rolname = '<user>');
BEGIN
  IF id IS NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('goldenpath'));
  GRANT "<user>" TO CURRENT_USER;
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = id;
  EXECUTE format('REASSIGN OWNED BY %I TO %I', '<user>',
    COALESCE((SELECT rolname FROM pg_roles WHERE rolname = '<owner>'), CURRENT_USER));
  DROP OWNED BY "<user>";
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = id;
  BEGIN
    DROP ROLE "<user>";
  EXCEPTION WHEN dependent_objects_still_exist THEN
    ALTER ROLE "<user>" NOLOGIN PASSWORD NULL;
  END;
END
$goldenpath$`

const postgresIAMUser = `DO $goldenpath$
DECLARE
  item record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('goldenpath'));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '<user>') THEN
    CREATE ROLE "<user>" LOGIN;
  END IF;
  FOR item IN SELECT roleid::regrole AS other FROM pg_auth_members
    WHERE member = '"<user>"'::regrole AND roleid NOT IN ('"<group>"'::regrole, 'rds_iam'::regrole)
  LOOP
    EXECUTE format('REVOKE %s FROM %I', item.other, '<user>');
  END LOOP;
  GRANT "<group>" TO "<user>";
  ALTER ROLE "<user>" SET role TO '<group>';<defaults>
  GRANT rds_iam TO "<user>";
END
$goldenpath$`
