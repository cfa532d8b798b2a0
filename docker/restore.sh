#!/bin/sh
# restore.sh /backup/DATE [DATABASE]: into a database that does not exist yet. The copy
# is neutralized (no mails, no scheduled actions) unless NEUTRALIZE=0.
set -eu

folder="${1:?Which backup? restore.sh /backup/DATE [DATABASE]}"
name="${2:-$DATABASE}"
if [ ! -f "$folder/database" ]; then
    echo "$folder is no backup: it has no file named database." >&2
    exit 1
fi
# fails if there is one of that name, so nothing is overwritten
createdb "$name"
pg_restore --no-owner --exit-on-error --dbname="$name" "$folder/database"
if [ -f "$folder/filestore.tar.gz" ]; then
    mkdir -p "/var/lib/odoo/filestore/$name"
    tar --extract --gzip --file="$folder/filestore.tar.gz" \
        --directory="/var/lib/odoo/filestore/$name"
fi
if [ "${NEUTRALIZE:-1}" = 1 ]; then
    odoo neutralize --database="$name"
fi
echo "Database $name is ready."
