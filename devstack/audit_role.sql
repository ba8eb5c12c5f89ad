-- Run once by a superuser in template1, before the application's database is made (or in
-- an existing database, before its next migration): docs/audit.md.

-- Nobody signs in as it and nobody is a member of it.
CREATE ROLE keepwell_audit NOLOGIN;

-- A one-way door: the application's role, which makes the tables, gives the audit log
-- away by calling this, and has no means of getting it back. Afterwards it may read and
-- add, erase personal details, and move the head.
CREATE FUNCTION public.keepwell_audit_protect() RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tables constant text[] := ARRAY['entry', 'detail', 'head'];
  rights constant text[] := ARRAY[
    'SELECT, INSERT', 'SELECT, INSERT, DELETE', 'SELECT, INSERT, UPDATE'];
  app name;
  owners name[];
  one record;
BEGIN
  SELECT array_agg(DISTINCT pg_get_userbyid(relowner)) INTO owners FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname = ANY (SELECT 'accounts_audit' || t FROM unnest(tables) t);
  app := (array_remove(owners, 'keepwell_audit'))[1];
  IF app IS NULL OR cardinality(owners) <> 1 THEN RETURN false; END IF;
  -- Who owns a schema may drop any table in it.
  ALTER SCHEMA public OWNER TO keepwell_audit;
  EXECUTE format('GRANT ALL ON SCHEMA public TO %I', app);
  ALTER FUNCTION public.accounts_audit_refuse() OWNER TO keepwell_audit;
  FOR one IN SELECT * FROM unnest(tables, rights) AS u(tail, granted) LOOP
    EXECUTE format('ALTER TABLE public.accounts_audit%s OWNER TO keepwell_audit', one.tail);
    EXECUTE format('GRANT %s ON public.accounts_audit%s TO %I', one.granted, one.tail, app);
  END LOOP;
  RETURN true;
END $$;

