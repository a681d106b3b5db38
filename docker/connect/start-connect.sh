#!/usr/bin/env bash
# Puts the variables into connect.properties and becomes the worker: BOOTSTRAP, CONNECT_PASSWORD; the rest has defaults.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${BOOTSTRAP:?is missing}" "${CONNECT_PASSWORD:?is missing: run certs/make-certs.sh}"
export KAFKA_HOME="${KAFKA_HOME:-/opt/kafka}"
BIND="${BIND:-0.0.0.0}"
REST_PORT="${REST_PORT:-8083}"
CERTS_DIR="${CERTS_DIR:-/certs}"
PLUGIN_PATH="${PLUGIN_PATH:-$KAFKA_HOME/libs}"

umask 077
properties="${PROPERTIES:-/tmp/connect.properties}"
text="$(cat "$here/connect.properties")"
for variable in BOOTSTRAP BIND REST_PORT PLUGIN_PATH CONNECT_PASSWORD CERTS_DIR; do
  text="${text//\$\{$variable\}/${!variable}}"
done
printf '%s\n' "$text" >"$properties"
# In the server alone: a tool run beside it would find the agent's port taken.
[ -z "${JAVA_AGENT:-}" ] || export KAFKA_OPTS="${KAFKA_OPTS:-} -javaagent:$JAVA_AGENT"
exec "$KAFKA_HOME/bin/connect-distributed.sh" "$properties"
