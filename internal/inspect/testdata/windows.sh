#!/bin/sh
# Copyright 2026 The ceremony authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes a request with the attributes that certreq of Windows writes ([MS-WCCE]
# 2.2.2.7): the extensions under the number of Microsoft, the version of Windows, the
# program that asked, and its CSP. openssl signs it. The committed
# fake-windows-request.pem came from it, with the label and line ends of Windows.
set -eu
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out windows.key
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
openssl pkey -in windows.key -pubout -outform DER -out windows.spki
tail -c 97 windows.spki > windows.point
# an extension: its number, TRUE or nothing, its value
extension() { printf '%s\n' "[$1]" "oid=OID:$2" ${3:+"critical=BOOLEAN:$3"} "value=FORMAT:HEX,OCTETSTRING:$4"; }
# an attribute: its number, the type of its value, the value
attribute() { printf '%s\n' "[$1]" "oid=OID:$2" "values=SET:$1-values" "[$1-values]" "value=$3"; }
{
	printf '%s\n' '[tbs]' 'version=INTEGER:0' 'subject=SEQUENCE:name' 'spki=SEQUENCE:spki' 'attributes=IMP:0C,SET:attributes'
	printf '%s\n' '[spki]' 'algorithm=SEQUENCE:algorithm' "key=FORMAT:HEX,BITSTR:$(hex windows.point)"
	printf '%s\n' '[algorithm]' 'oid=OID:1.2.840.10045.2.1' 'curve=OID:1.3.132.0.34'
	printf '%s\n' '[name]' 'rdn=SET:rdn' '[rdn]' 'atv=SEQUENCE:atv' '[atv]' 'oid=OID:2.5.4.3' 'value=UTF8:FAKE Windows CA'
	printf '%s\n' '[attributes]' 'a=SEQUENCE:os' 'b=SEQUENCE:password' 'c=SEQUENCE:extensions' 'd=SEQUENCE:client' 'e=SEQUENCE:csp'
	attribute os 1.3.6.1.4.1.311.13.2.3 IA5:10.0.20348.2
	attribute password 1.2.840.113549.1.9.7 PRINTABLE:hunter2
	attribute extensions 1.3.6.1.4.1.311.2.1.14 SEQUENCE:list
	attribute client 1.3.6.1.4.1.311.21.20 SEQUENCE:info
	attribute csp 1.3.6.1.4.1.311.13.2.2 SEQUENCE:provider
	printf '%s\n' '[info]' 'id=INTEGER:5' 'machine=UTF8:ca01.corp.example' 'user=UTF8:CORP\\admin' 'program=UTF8:certreq'
	printf '%s\n' '[provider]' 'keyspec=INTEGER:1' 'name=BMP:Microsoft Software Key Storage Provider' 'signature=FORMAT:HEX,BITSTR:00'
	printf '%s\n' '[list]' 'a=SEQUENCE:usage' 'b=SEQUENCE:constraints' 'c=SEQUENCE:template' 'd=SEQUENCE:purpose' 'e=SEQUENCE:version'
	extension usage 2.5.29.15 TRUE 03020186
	extension constraints 2.5.29.19 TRUE 30030101FF
	extension template 1.3.6.1.4.1.311.20.2 '' 1E0A00530075006200430041
	extension purpose 2.5.29.37 '' 300A06082B06010505070301
	extension version 1.3.6.1.4.1.311.21.1 '' 020100
} > windows.cnf
openssl asn1parse -genconf windows.cnf -genstr SEQUENCE:tbs -noout -out windows.tbs
openssl dgst -sha384 -sign windows.key -out windows.sig windows.tbs
printf '%s\n' '[all]' 'tbs=SEQUENCE:tbs' 'algorithm=SEQUENCE:ecdsa' "signature=FORMAT:HEX,BITSTR:$(hex windows.sig)" \
	'[ecdsa]' 'oid=OID:1.2.840.10045.4.3.3' >> windows.cnf
openssl asn1parse -genconf windows.cnf -genstr SEQUENCE:all -noout -out windows.der
openssl req -inform DER -in windows.der -newhdr -outform PEM | sed 's/$/\r/' > windows.pem
