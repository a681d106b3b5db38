#!/usr/bin/env bash
# Makes or updates file-sink-connector and waits until it is RUNNING: CONNECT_HOST, REST_PORT, FILE.
# Bash speaks the HTTP itself, since Kafka's image has no client for it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
CONNECT_HOST="${CONNECT_HOST:-connect}"
REST_PORT="${REST_PORT:-8083}"
FILE="${FILE:-/data/filtered-products.txt}"
config="$(cat "$here/file-sink-connector.json")"
config="${config//\$\{FILE\}/$FILE}"

# request METHOD PATH [BODY]: the answer, status line first.
request() {
  exec 3<>"/dev/tcp/$CONNECT_HOST/$REST_PORT"
  printf '%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
    "$1" "$2" "$CONNECT_HOST" "${#3}" "$3" >&3
  cat <&3
  exec 3>&-
}

made=
for _ in $(seq "${TRIES:-120}"); do
  if [ -z "$made" ]; then
    request PUT /connectors/file-sink-connector/config "$config" 2>/dev/null | head -1 | grep -Eq ' 20[01] ' && made=yes
  elif request GET /connectors/file-sink-connector/status "" 2>/dev/null | grep -q '"tasks":\[{"id":0,"state":"RUNNING"'; then
    echo "file-sink-connector is RUNNING"
    exit
  fi
  sleep 1
done
request GET /connectors/file-sink-connector/status "" >&2 || true
echo "file-sink-connector did not come to run" >&2
exit 1
