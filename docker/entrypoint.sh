#!/bin/sh
# odoo [option ...]  runs Odoo; install  puts the addons into the database, once;
# anything else is run as it is. Where the database is comes from PGHOST, PGPORT, PGUSER
# and PGPASSWORD or, better, PGPASSWORD_FILE.
set -eu

: "${DATABASE:=lifecycle}"
: "${ADDONS:=lifecycle_crm,churn_scoring,lifecycle_play,loyalty_program}"
export DATABASE PGHOST="${PGHOST:-db}" PGUSER="${PGUSER:-odoo}"

if [ -n "${PGPASSWORD_FILE:-}" ]; then
    if [ ! -r "$PGPASSWORD_FILE" ]; then
        echo "PGPASSWORD_FILE=$PGPASSWORD_FILE cannot be read by $(id -un)." >&2
        exit 1
    fi
    PGPASSWORD="$(cat "$PGPASSWORD_FILE")"
    export PGPASSWORD
fi

wait_for_database() {
    for _ in $(seq "${WAIT_SECONDS:-60}"); do
        if answer="$(psql --dbname=postgres --command='SELECT 1' 2>&1)"; then
            return
        fi
        sleep 1
    done
    echo "PostgreSQL at $PGHOST does not let $PGUSER in: $answer" >&2
    exit 1
}

installed() {
    for addon in $(echo "$ADDONS" | tr ',' ' '); do
        found="$(psql --no-align --tuples-only --dbname="$DATABASE" --set=name="$addon" \
            2>/dev/null <<'SQL' || true
SELECT 1 FROM ir_module_module WHERE name = :'name' AND state = 'installed'
SQL
        )"
        [ "$found" = 1 ] || return 1
    done
}

case "${1:-odoo}" in
    odoo)
        [ $# -eq 0 ] || shift
        wait_for_database
        exec odoo --database="$DATABASE" --db-filter="^$DATABASE\$" "$@"
        ;;
    install)
        wait_for_database
        if installed; then
            echo "The addons are installed."
            exit 0
        fi
        exec odoo --database="$DATABASE" --init="$ADDONS" --stop-after-init --no-http
        ;;
    update)
        wait_for_database
        exec odoo --database="$DATABASE" --update="$ADDONS" --stop-after-init --no-http
        ;;
    backup.sh | restore.sh)
        wait_for_database
        exec "$@"
        ;;
    *)
        exec "$@"
        ;;
esac
