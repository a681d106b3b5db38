#!/usr/bin/env bash
# Makes the ACLs of acls.tsv: BOOTSTRAP, CLUSTER (1 or 2), ADMIN_PASSWORD, CERTS_DIR. Adding what is there changes nothing.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
properties="$(mktemp)"
trap 'rm -f "$properties"' EXIT
PRINCIPAL=admin PASSWORD="$ADMIN_PASSWORD" "$here/client-properties.sh" >"$properties"

# Rows that differ only in the name go into one call; each call is a Java of its own.
declare -A calls
while IFS=$'\t' read -r cluster principal resource pattern name operations; do
  [[ -z "$cluster" || "$cluster" == \#* || ("$cluster" != both && "$cluster" != "${CLUSTER:-1}") ]] && continue
  calls["$principal $resource $pattern $operations"]+=" --$resource $name"
done <"$here/acls.tsv"

add() {
  local operations=() operation
  for operation in ${3//,/ }; do operations+=(--operation "$operation"); done
  # shellcheck disable=SC2086
  "${KAFKA_HOME:-/opt/kafka}/bin/kafka-acls.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$properties" \
    --add --allow-principal "User:$1" --resource-pattern-type "$2" "${operations[@]}" $4 >/dev/null
}

running=0
for call in "${!calls[@]}"; do
  read -r principal resource pattern operations <<<"$call"
  add "$principal" "$pattern" "$operations" "${calls[$call]}" &
  if [ $((++running)) -ge 2 ]; then wait -n; running=$((running - 1)); fi
done
while [ "$running" -gt 0 ]; do wait -n; running=$((running - 1)); done
echo "ACLs of cluster ${CLUSTER:-1} are as acls.tsv says"
