#!/usr/bin/env bash
# Measures look-up in archives of 100,000, 1,000,000 and 5,000,000 made-up claims on a PostgreSQL of its own, beside
# pgbench's read-only run on the same cluster, and prints one table with machine and date.
#
#   benches/lookup.sh                   all three sizes
#   benches/lookup.sh 500000 5000000    these sizes, in claims
#
# Takes about 15 GiB below DATA_DIR (a new directory unless set; it is kept, and an archive in it is used again).
# Of PostgreSQL it needs the server's programs and pgbench: PG_BINDIR, or those of the newest version installed.
# As root the cluster runs as the user postgres, because PostgreSQL refuses root.
# First MIXES and SEARCHES are asked for by CALLERS callers as fast as they are answered, for DURATION seconds each; then
# MIXES RATE times a second, and SEARCHES, which cost more, SEARCH_RATE times.
set -euo pipefail
cd "$(dirname "$0")/.."

mixes="${MIXES:-get,batch,list-actor,list-kind,list-time,articles,actors}"
searches="${SEARCHES:-search,match}"
rate="${RATE:-200}"
search_rate="${SEARCH_RATE:-20}"
duration="${DURATION:-30}"
callers="${CALLERS:-8}"
data_dir="${DATA_DIR:-$(mktemp -d)}"
port="${PORT:-55433}"
server_port="${SERVER_PORT:-50251}"
newest="$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 2>/dev/null | sort -V | tail -n 1)"
bin="${PG_BINDIR:-$newest/bin}"
sizes=("$@")
if [ "$#" -eq 0 ]; then sizes=(100000 1000000 5000000); fi

# Runs a command as the user the cluster belongs to.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups env -C "$data_dir" "$@"
    else
        "$@"
    fi
}

# The settings of a small server; nothing of its durability is given up.
start_cluster() {
    mkdir -p "$data_dir"
    if [ "$(id -u)" -eq 0 ]; then chown postgres: "$data_dir"; fi
    if [ ! -e "$data_dir/pg/PG_VERSION" ]; then
        as_postgres "$bin/initdb" -D "$data_dir/pg" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    fi
    as_postgres "$bin/pg_ctl" -D "$data_dir/pg" -w -l "$data_dir/pg.log" start >/dev/null -o "-p $port -k $data_dir \
        -c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c effective_cache_size=8GB \
        -c maintenance_work_mem=256MB -c max_wal_size=8GB -c random_page_cost=1.1"
}

url() {
    echo "postgres://postgres@127.0.0.1:$port/$1"
}

exists() {
    "$bin/psql" "$(url postgres)" -Atc "SELECT 1 FROM pg_database WHERE datname = '$1'" | grep -q 1
}

# An archive counts as complete once its database has its final name. One that was filled before gets what is new.
fill() {
    local name="$1" articles="$2"
    if exists "$name"; then
        target/release/onrecord migrate --database-url "$(url "$name")" >/dev/null
        "$bin/psql" "$(url "$name")" -qc "VACUUM (ANALYZE)"
        return
    fi
    if exists "${name}_new"; then "$bin/dropdb" -h "$data_dir" -p "$port" -U postgres "${name}_new"; fi
    "$bin/createdb" -h "$data_dir" -p "$port" -U postgres "${name}_new"
    target/release/onrecord migrate --database-url "$(url "${name}_new")" >/dev/null
    cargo bench --quiet --bench archive -- --database-url "$(url "${name}_new")" --articles "$articles" | tail -n 1
    "$bin/psql" "$(url postgres)" -qc "ALTER DATABASE ${name}_new RENAME TO $name"
}

# The same number of clients and threads as callers of onrecord, so that the two can be told in one ratio.
baseline() {
    if ! exists pgbench; then
        "$bin/createdb" -h "$data_dir" -p "$port" -U postgres pgbench
        "$bin/pgbench" -h "$data_dir" -p "$port" -U postgres -i -s 50 --quiet pgbench 2>/dev/null
    fi
    echo "pgbench -S -M prepared, $callers clients:"
    "$bin/pgbench" -h 127.0.0.1 -p "$port" -U postgres -S -M prepared -n -c "$callers" -j 2 -T "$duration" pgbench |
        grep -E '^(latency average|tps)'
    echo "pgbench -S -M prepared, $rate a second:"
    "$bin/pgbench" -h 127.0.0.1 -p "$port" -U postgres -S -M prepared -n -c "$callers" -j 2 -T "$duration" -R "$rate" \
        pgbench | grep -E '^(latency average|latency stddev|tps)'
}

load() {
    cargo bench --quiet --bench load -- --server "http://127.0.0.1:$server_port" --duration "$duration" "$@"
}

wait_for_server() {
    for _ in $(seq 100); do
        if target/release/onrecord health --server "http://127.0.0.1:$server_port" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    echo "the server did not come up" >&2
    exit 1
}

measure() {
    local name="$1"
    # A new archive has hours of claims that were not set beside each other yet: that is not what is measured.
    target/release/onrecord serve --propositions off --listen "127.0.0.1:$server_port" --database-url "$(url "$name")" --log warn &
    server=$!
    wait_for_server
    # Without a pause first: what is measured at a rate is read from memory then.
    load --mix "$mixes,$searches" --callers "$callers"
    load --mix "$mixes" --rate "$rate"
    load --mix "$searches" --rate "$search_rate"
    kill "$server"
    wait "$server" || true
    server=
}

server=
stop() {
    if [ -n "$server" ]; then kill "$server"; fi
    as_postgres "$bin/pg_ctl" -D "$data_dir/pg" -m fast stop >/dev/null
    echo "the archives are kept in $data_dir" >&2
}

cargo build --quiet --release --bin onrecord
start_cluster
trap stop EXIT

echo "$(date -u +%F), $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "$(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $("$bin/postgres" --version)"
for claims in "${sizes[@]}"; do
    echo
    echo "$claims claims"
    fill "archive_$claims" "$((claims / 10))"
    measure "archive_$claims"
done
echo
baseline
