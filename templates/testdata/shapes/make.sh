#!/bin/sh
# Makes FAKE certificates of different shapes with openssl, an encoder that is
# not ours. Run by hand; the results are committed.
set -eu
cd "$(dirname "$0")"
key=$(mktemp)
trap 'rm -f "$key"' EXIT
openssl ecparam -name secp384r1 -genkey -noout -out "$key"

make() { # name, digest, days, string mask, subject lines, extension lines
	printf 'string_mask=%s\n[req]\nprompt=no\nstring_mask=%s\nutf8=yes\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n%s\n[ext]\n%s\n' "$4" "$4" "$5" "$6" |
		openssl req -x509 -new -key "$key" "-$2" -days "$3" -set_serial 0x"$(openssl rand -hex 15 | sed 's/^../4a/')" \
			-config /dev/stdin -out "$1.pem"
}

make usual sha384 5479 utf8only 'C=US
O=Example
CN=FAKE Usual Root' 'basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'

make printable-other-order sha256 10000 default 'O=Example Trust
C=US
OU=FAKE Unit
CN=FAKE Printable Root' 'subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always
basicConstraints=CA:TRUE,pathlen:3
keyUsage=cRLSign,keyCertSign,digitalSignature'

make policies sha512 400 utf8only 'C=DE
ST=Bundesland
L=Köln
O=Prüfstelle
serialNumber=7
CN=FAKE Richtlinien' 'certificatePolicies=2.23.140.1.2.1,1.3.6.1.4.1.99999.1,@pol
basicConstraints=critical,CA:TRUE,pathlen:0
subjectKeyIdentifier=hash
extendedKeyUsage=serverAuth,1.3.6.1.4.1.99999.2
crlDistributionPoints=URI:http://c.example.com/a.crl
authorityInfoAccess=caIssuers;URI:http://i.example.com/a.crt,OCSP;URI:http://o.example.com/
keyUsage=critical,keyCertSign
[pol]
policyIdentifier=1.3.6.1.4.1.99999.3
CPS.1=https://example.com/cps
userNotice.1=@notice
[notice]
explicitText=UTF8:FAKE notice'

make constraints sha384 3650 utf8only 'DC=example
DC=corp
CN=FAKE Constrained' 'nameConstraints=critical,permitted;DNS:example.com,permitted;IP:10.0.0.0/255.0.0.0,permitted;email:.example.com,permitted;URI:.example.com,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
1.3.6.1.4.1.99999.4=critical,ASN1:UTF8String:raw'
