#!/usr/bin/env bash
# Makes the topics of topics.tsv that are missing: BOOTSTRAP, CLUSTER (1 or 2), ADMIN_PASSWORD, CERTS_DIR.
# PARTITIONS replaces the 6 of the topics that are split by key (EventLog:Partitions).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
properties="$(mktemp)"
trap 'rm -f "$properties"' EXIT
PRINCIPAL=admin PASSWORD="$ADMIN_PASSWORD" "$here/client-properties.sh" >"$properties"

create() {
  local settings=() setting
  for setting in ${4//,/ }; do settings+=(--config "$setting"); done
  "${KAFKA_HOME:-/opt/kafka}/bin/kafka-topics.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$properties" \
    --create --if-not-exists --topic "$2" --partitions "$3" --replication-factor 3 "${settings[@]}"
}

running=0
while IFS=$'\t' read -r cluster topic partitions settings; do
  [[ -z "$cluster" || "$cluster" == \#* || ("$cluster" != both && "$cluster" != "${CLUSTER:-1}") ]] && continue
  [ "$partitions" = 6 ] && partitions="${PARTITIONS:-6}"
  create "$cluster" "$topic" "$partitions" "$settings" &
  # Two at a time: each is a Java of its own.
  if [ $((++running)) -ge 2 ]; then wait -n; running=$((running - 1)); fi
done <"$here/topics.tsv"
while [ "$running" -gt 0 ]; do wait -n; running=$((running - 1)); done
