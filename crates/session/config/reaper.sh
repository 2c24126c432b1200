# Outlives whoever started the session by a moment, to leave nothing behind.
# $1: the session's folder, which is also the mark in the environment of all that belongs to it.
trap '' TERM
read -r _

# Processes that carry the mark, also those that left the process group.
members() {
    grep -lzsxF "BELLDOT_SESSION=$1" /proc/[0-9]*/environ | cut -d/ -f3
}

kill -TERM 0 $(members "$1") 2>/dev/null
tries=0
while [ -n "$(members "$1")" ] && [ "$tries" -lt 40 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -KILL $(members "$1") 2>/dev/null
rm -rf "$1"
kill -KILL 0
