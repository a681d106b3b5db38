#!/usr/bin/env bash
# Makes the certificate authority, a certificate for every broker and client, and random passwords.
# What is already there and valid stays: running it again changes nothing.
#
#   certs/make-certs.sh                             for docker/: into certs/out, and docker/.env
#   certs/make-certs.sh --out DIR [--brokers "HOST..."] [--env FILE]      elsewhere; FILE as Compose reads it, if wanted
#
# For each name NAME: NAME.key (PKCS#8), NAME.crt, and NAME.pem with both, as brokers and librdkafka take them.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

out="$here/out"
brokers="kafka1-1 kafka1-2 kafka1-3 kafka2-1 kafka2-2 kafka2-3"
clients="admin shop_api client_api moderator filter mirror connect"
env_file=""
renew_days="${RENEW_DAYS:-0}"
ca_days=3650
days="${CERT_DAYS:-397}"

fail() { echo "$1" >&2; exit "${2:-1}"; }

[[ " $* " == *" --out "* ]] || env_file="$here/../docker/.env"
while [ $# -gt 0 ]; do
  case "$1" in
    --out | --brokers | --env) [ -n "${2:-}" ] || fail "$1 needs a value." 2 ;;
    *) fail "Unknown argument: $1. Known: --out DIR, --brokers \"HOST...\", --env FILE." 2 ;;
  esac
  case "$1" in
    --out) out="$2" ;;
    --brokers) brokers="$2" ;;
    --env) env_file="$2" ;;
  esac
  shift 2
done
[ -z "$env_file" ] || [ -d "$(dirname "$env_file")" ] || fail "--env is $env_file, but that folder is not there."

if ! command -v openssl >/dev/null; then
  fail "openssl is missing. Install it (Debian: apt install openssl; macOS: brew install openssl) and run this again."
fi

umask 077
mkdir -p "$out"
rm -rf "$out"/.new.*  # of a run that was killed

# A certificate is left alone while it is signed by the CA, fits its key, and is valid for another $renew_days days.
is_good() {
  [ -s "$out/$1.crt" ] && [ -s "$out/$1.key" ] \
    && cat "$out/$1.key" "$out/$1.crt" | cmp -s - "$out/$1.pem" \
    && [ "$(openssl x509 -in "$out/$1.crt" -noout -pubkey)" = "$(openssl pkey -in "$out/$1.key" -pubout 2>/dev/null)" ] \
    && openssl x509 -in "$out/$1.crt" -noout -checkend $((renew_days * 86400)) >/dev/null \
    && openssl verify -CAfile "$out/ca.crt" "$out/$1.crt" >/dev/null 2>&1
}

make_ca() {
  [ -s "$out/ca.crt" ] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days "$ca_days" -subj "/O=Marketplace/CN=Marketplace CA" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$out/ca.key" -out "$out/ca.crt" 2>/dev/null
  echo "made the certificate authority"
}

# make NAME SAN USAGE: replaced by renames, so that a reader never sees half a file.
make() {
  is_good "$1" && return
  [ -s "$out/ca.key" ] || fail "$out/ca.key is lost, so the certificate of $1 cannot be signed. Put it back, or remove $out/ca.crt for a new authority that every broker and client then has to be given."
  local new; new="$(mktemp -d "$out/.new.XXXXXX")"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=Marketplace/CN=$1" -keyout "$new/key" -out "$new/csr" 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in "$new/key" -out "$new/p8"
  openssl x509 -req -in "$new/csr" -CA "$out/ca.crt" -CAkey "$out/ca.key" -set_serial "0x$(openssl rand -hex 16)" -days "$days" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\nsubjectAltName=%s\n' "$3" "$2") \
    -out "$new/crt" 2>/dev/null
  cat "$new/p8" "$new/crt" >"$new/pem"
  mv "$new/p8" "$out/$1.key"; mv "$new/crt" "$out/$1.crt"; mv "$new/pem" "$out/$1.pem"
  rm -r "$new"
  echo "made the certificate of $1"
}

make_passwords() {
  [ -s "$out/passwords.env" ] || : >"$out/passwords.env"
  local name
  for name in $clients ui; do
    local variable; variable="$(printf %s "$name" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    grep -q "^$variable=" "$out/passwords.env" || echo "$variable=$(openssl rand -hex 24)" >>"$out/passwords.env"
  done
  grep -q "^ADMIN_API_KEY=" "$out/passwords.env" || echo "ADMIN_API_KEY=$(openssl rand -hex 24)" >>"$out/passwords.env"
  for name in CLUSTER1_ID CLUSTER2_ID; do
    grep -q "^$name=" "$out/passwords.env" || echo "$name=$(openssl rand -base64 16 | tr '+/' 'ab' | tr -d '=')" >>"$out/passwords.env"
  done
  # Compose reads its variables from beside docker-compose.yml.
  [ -z "$env_file" ] || { echo COMPOSE_PROJECT_NAME=marketplace; cat "$out/passwords.env"; } >"$env_file"
}

for broker in $brokers; do
  [[ "$broker" =~ ^[A-Za-z0-9][A-Za-z0-9.-]*$ ]] || fail "--brokers: '$broker' is no name of a host." 2
done
make_ca
for broker in $brokers; do
  [[ "$broker" =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ ]] && kind=IP || kind=DNS
  make "$broker" "${BROKER_NAMES:-$kind:$broker,DNS:localhost,IP:127.0.0.1}" serverAuth,clientAuth
done
for client in $clients; do
  make "$client" "DNS:$client" clientAuth
done
make_passwords
echo "certificates and passwords are in $out"
