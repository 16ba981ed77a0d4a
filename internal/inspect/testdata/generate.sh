#!/bin/sh
# Copyright 2026 The ceremony authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes one object of each kind with openssl in the current directory, from the
# openssl.cnf named as first argument. The tests run it in a folder of their
# own; the committed fake-*.pem came from it.
set -eu
cnf=$1
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"$1" -out "$2"; }
cp "$cnf" openssl.cnf
: > index.txt
echo 1000 > serial
echo 0102030405060708090a0b0c0d0e0f1011 > crlnumber
key P-384 root.key
key P-256 sub.key
key P-256 delegate.key
openssl req -new -x509 -config openssl.cnf -extensions root -key root.key -sha384 -days 3650 \
	-subj '/C=XX/O=FAKE Inspect Test/CN=FAKE Root' -out root.pem
openssl req -new -config openssl.cnf -reqexts root -key sub.key -sha256 -out request.pem
openssl x509 -req -in request.pem -extfile openssl.cnf -extensions sub -CA root.pem -CAkey root.key \
	-set_serial 0x7b3f00112233445566778899aabbccdd -sha384 -days 900 -out sub.pem
openssl req -new -config openssl.cnf -key delegate.key -multivalue-rdn \
	-subj '/C=XX/O=FAKE Inspect Test/CN=FAKE Delegate+serialNumber=1' -out delegate.csr
openssl x509 -req -in delegate.csr -extfile openssl.cnf -extensions delegate -CA root.pem \
	-CAkey root.key -set_serial 0x1001 -sha384 -days 60 -out delegate.pem
{
	printf 'R\t301231235959Z\t261101000000Z,keyCompromise\t7B3F00112233445566778899AABBCCDD\tunknown\t/CN=a\n'
	printf 'R\t301231235959Z\t261102000000Z\t1002\tunknown\t/CN=b\n'
	printf 'R\t301231235959Z\t261103000000Z,keyTime,20261001000000Z\t1003\tunknown\t/CN=c\n'
} > index.txt
openssl ca -config openssl.cnf -gencrl -crlexts crl -out crl.pem
openssl ocsp -issuer root.pem -cert sub.pem -serial 0x1002 -serial 0x1004 -no_nonce -reqout request.ocsp
openssl ocsp -index index.txt -CA root.pem -rsigner delegate.pem -rkey delegate.key \
	-reqin request.ocsp -respout response.der -ndays 7
openssl ocsp -issuer root.pem -sha256 -serial 0x1002 -no_nonce -reqout single.ocsp
openssl ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -resp_key_id \
	-resp_no_certs -reqin single.ocsp -respout single.der -ndays 7
