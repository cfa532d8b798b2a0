#!/bin/sh
# A hot standby of the service `db`: copied once, then following it.
set -eu

PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"
export PGPASSWORD
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    until pg_basebackup --host="${PRIMARY:-db}" --port="${PRIMARY_PORT:-5432}" \
        --username=replicator --pgdata="$PGDATA" --write-recovery-conf \
        --wal-method=stream --checkpoint=fast; do
        echo "The database cannot be copied yet; trying again." >&2
        sleep 5
    done
    chmod 700 "$PGDATA"
    [ "$(id -u)" != 0 ] || chown -R postgres:postgres "$PGDATA"
fi
if [ "$(id -u)" = 0 ]; then
    exec gosu postgres postgres -c hot_standby_feedback=on \
        -c max_standby_streaming_delay=5min
fi
exec postgres -c hot_standby_feedback=on -c max_standby_streaming_delay=5min
