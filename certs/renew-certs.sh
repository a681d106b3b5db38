#!/usr/bin/env bash
# Renews the certificates that are valid for less than 30 days (RENEW_DAYS), and has running brokers load theirs
# without a restart: the keystores of the listeners INTERNAL and EXTERNAL are set anew, one broker after the other. The
# controllers' listener takes its own at the broker's next start. Idempotent.
#
#   certs/renew-certs.sh [--out DIR --brokers "HOST..."] [-- BOOTSTRAP NODE_ID=HOST...]
#
# With BOOTSTRAP (host:port of a running cluster), the brokers named load their new certificates; clients read theirs
# at the next connection. KAFKA_HOME names Kafka's tools, CERTS_DIR the folder as the brokers see it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="$here/out"

fail() { echo "$1" >&2; exit "${2:-1}"; }

arguments=()
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
  [ "$1" = "--out" ] && out="${2:-}"
  arguments+=("$1"); shift
done
[ "${1:-}" = "--" ] && shift

RENEW_DAYS="${RENEW_DAYS:-30}" "$here/make-certs.sh" ${arguments[@]+"${arguments[@]}"}
[ $# -eq 0 ] && exit

bootstrap="$1"; shift
tool="${KAFKA_HOME:-/opt/kafka}/bin/kafka-configs.sh"
[ $# -gt 0 ] || fail "Which brokers? After $bootstrap, name each as NODE_ID=CERTIFICATE, such as 1=kafka1-1." 2
[ -x "$tool" ] || fail "$tool is not there: KAFKA_HOME has to name a Kafka release."
for broker in "$@"; do
  [ -s "$out/${broker#*=}.pem" ] || fail "There is no certificate ${broker#*=}.pem in $out." 2
done
# shellcheck disable=SC1091
. "$out/passwords.env"
properties="$(mktemp)"
trap 'rm -f "$properties"' EXIT
PASSWORD="$ADMIN_PASSWORD" PRINCIPAL=admin CERTS_DIR="$out" "$here/../docker/setup/client-properties.sh" >"$properties"
for broker in "$@"; do
  location="${CERTS_DIR:-$out}/${broker#*=}.pem"
  "$tool" --bootstrap-server "$bootstrap" --command-config "$properties" \
    --alter --entity-type brokers --entity-name "${broker%%=*}" \
    --add-config "listener.name.internal.ssl.keystore.location=$location,listener.name.external.ssl.keystore.location=$location"
done
