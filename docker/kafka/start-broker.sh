#!/usr/bin/env bash
# Puts the variables into server.properties, formats the data folder once, and becomes the broker.
#
# NODE_ID, VOTERS (1@host:port,...), CLUSTER_ID, and the passwords as NAME_PASSWORD; the rest has defaults.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${NODE_ID:?is missing}" "${VOTERS:?is missing}" "${CLUSTER_ID:?is missing}" "${ADMIN_PASSWORD:?is missing: run certs/make-certs.sh}"
export KAFKA_HOME="${KAFKA_HOME:-/opt/kafka}"
HOST="${HOST:-$(hostname)}"
CERT_NAME="${CERT_NAME:-$HOST}"
BIND="${BIND:-0.0.0.0}"
EXTERNAL_HOST="${EXTERNAL_HOST:-localhost}"
INTERNAL_PORT="${INTERNAL_PORT:-9092}"
CONTROLLER_PORT="${CONTROLLER_PORT:-9093}"
EXTERNAL_PORT="${EXTERNAL_PORT:-9094}"
# Another where something stands between the broker and the clients of the host.
ADVERTISED_PORT="${ADVERTISED_PORT:-$EXTERNAL_PORT}"
DATA_DIR="${DATA_DIR:-/var/lib/kafka/data}"
CERTS_DIR="${CERTS_DIR:-/certs}"

USERS=""
for name in admin shop_api client_api moderator filter mirror connect ui; do
  variable="${name^^}_PASSWORD"
  [ -n "${!variable:-}" ] && USERS+=" user_$name=\"${!variable}\""
done

umask 077
mkdir -p "$DATA_DIR"
properties="${PROPERTIES:-$(dirname "$DATA_DIR")/server-$NODE_ID.properties}"
text="$(cat "$here/server.properties")"
for variable in NODE_ID VOTERS DATA_DIR BIND HOST EXTERNAL_HOST INTERNAL_PORT EXTERNAL_PORT ADVERTISED_PORT CONTROLLER_PORT CERTS_DIR CERT_NAME ADMIN_PASSWORD USERS; do
  text="${text//\$\{$variable\}/${!variable}}"
done
printf '%s\n' "$text" >"$properties"

# Marked when it is done, so that a later start does not wait for a Java that has nothing to do.
formatted="$DATA_DIR/.formatted"
if [ ! -e "$formatted" ]; then
  "$KAFKA_HOME/bin/kafka-storage.sh" format --ignore-formatted -t "$CLUSTER_ID" -c "$properties" >/dev/null
  touch "$formatted"
fi
# In the server alone: a tool run beside it would find the agent's port taken.
[ -z "${JAVA_AGENT:-}" ] || export KAFKA_OPTS="${KAFKA_OPTS:-} -javaagent:$JAVA_AGENT"
exec "$KAFKA_HOME/bin/kafka-server-start.sh" "$properties"
