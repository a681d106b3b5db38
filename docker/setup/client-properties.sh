#!/usr/bin/env bash
# Writes the properties with which Kafka's own tools connect: PRINCIPAL, PASSWORD, CERTS_DIR.
set -euo pipefail
cat <<PROPERTIES
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${PRINCIPAL:?is missing}" password="${PASSWORD:?is missing}";
ssl.truststore.type=PEM
ssl.truststore.location=${CERTS_DIR:-/certs}/ca.crt
PROPERTIES
