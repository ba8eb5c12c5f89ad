#!/bin/sh
# The postgres image runs this once, on an empty volume (docker-compose.yml): devstack does
# the same for script/server. The application's role is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d template1 -f /keepwell/audit_role.sql
psql -v ON_ERROR_STOP=1 -v password="$KEEPWELL_PASSWORD" -U "$POSTGRES_USER" -d postgres <<'SQL'
CREATE ROLE keepwell LOGIN PASSWORD :'password';
CREATE DATABASE keepwell OWNER keepwell;
SQL
