# Runs PostgreSQL for onrecord and takes it down once onrecord is gone.
#
# Arguments: the data directory if it is to be removed afterwards, else nothing;
# the socket directory if it is to be removed afterwards, else nothing; the command.
#
# onrecord alone holds the other end of standard input and never writes to it: end of
# file says that onrecord stopped, dropped us, or was killed in whatever way.
set -u
data_dir=$1
socket_dir=$2
shift 2

# A signal to the whole process tree is meant for onrecord; we leave after PostgreSQL.
trap '' HUP INT TERM

exec 3<&0
"$@" </dev/null 3<&- &
server=$!

# SIGINT is PostgreSQL's fast shutdown. It is repeated, because a server that has only
# just been started does not listen yet. SIGQUIT, the immediate one, is safe too: the
# next start then replays the write-ahead log.
(
    read -r _
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -INT "$server" || exit 0
        sleep 1
    done
    kill -QUIT "$server"
) <&3 >/dev/null 2>&1 &
watcher=$!
exec </dev/null 3<&-

wait "$server"
status=$?
kill -KILL "$watcher" 2>/dev/null

for dir in "$socket_dir" "$data_dir"; do
    if [ -n "$dir" ]; then
        rm -rf "$dir" 2>/dev/null
    fi
done
exit "$status"
