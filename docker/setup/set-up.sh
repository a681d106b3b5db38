#!/usr/bin/env bash
# Makes the topics of topics.tsv that are missing, and the ACLs as acls.tsv says: BOOTSTRAP, CLUSTER (1 or 2), ADMIN_PASSWORD,
# CERTS_DIR, PARTITIONS (EventLog:Partitions). MARKETPLACE is the command line's program; the gateway's image has it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${BOOTSTRAP:?is missing}" "${ADMIN_PASSWORD:?is missing: run certs/make-certs.sh}"
KAFKA_PASSWORD="$ADMIN_PASSWORD" exec dotnet "${MARKETPLACE:-/app/cli/marketplace.dll}" log setup \
  --bootstrap-servers "$BOOTSTRAP" --ca "${CERTS_DIR:-/certs}/ca.crt" --username admin --cluster "${CLUSTER:-1}" \
  --partitions "${PARTITIONS:-6}" --topics "$here/topics.tsv" --acls "$here/acls.tsv"
