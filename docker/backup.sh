#!/bin/sh
# backup.sh: the database and its files into /backup/DATE, the newest KEEP are kept.
# The database first: a file is only removed by Odoo days after nothing names it.
set -eu

: "${KEEP:=14}"
folder="/backup/$(date -u +%Y-%m-%dT%H%M%SZ)"
mkdir "$folder.part"
pg_dump --format=custom --no-owner --dbname="$DATABASE" --file="$folder.part/database"
if [ -d "/var/lib/odoo/filestore/$DATABASE" ]; then
    tar --create --gzip --file="$folder.part/filestore.tar.gz" \
        --directory="/var/lib/odoo/filestore/$DATABASE" .
fi
# a name without .part is a whole backup
mv "$folder.part" "$folder"
echo "$folder"
find /backup -mindepth 1 -maxdepth 1 -type d -name '20*Z' | sort -r \
    | tail -n "+$((KEEP + 1))" | while read -r old; do rm -r "$old"; done
