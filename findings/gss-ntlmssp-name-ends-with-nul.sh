#!/bin/sh
# Tool:       gss-ntlmssp 1.2.0-1 (Debian 12), asked through python3-gssapi 1.8.2-1+b1.
# Expected:   the name of who has logged in is DOMAIN\user, as gss_display_name() (RFC 2743, section 2.4.4) gives it for
#             Kerberos.
# Found:      the name has a NUL behind it, which is counted in its length. Printed, it looks right; compared with a name, it
#             is another.
# Seen:       'DOM\\user\x00'
# For psrun:  a service that lets people in by comparing that name turns away who has the right password. Its log shows the
#             right name.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{
    apt-get download gss-ntlmssp=1.2.0-1 python3-gssapi=1.8.2-1+b1 python3-decorator libwbclient0 libbsd0 libmd0 libunistring2 &&
        for package in *.deb; do dpkg -x "$package" tool || exit 1; done &&
        /usr/bin/python3 -m venv tools &&
        tools/bin/pip install --quiet --disable-pip-version-check pyspnego==0.12.0
} >install.log 2>&1 || {
    cat install.log
    exit 2
}
library=$(dirname "$(dirname "$(find "$folder/tool/usr/lib" -name gssntlmssp.so)")")
echo "gssntlmssp_v1 1.3.6.1.4.1.311.2.2.10 $library/gssntlmssp/gssntlmssp.so" >mech
export GSS_MECH_CONFIG="$folder/mech" LD_LIBRARY_PATH="$library" PYTHONPATH="$folder/tool/usr/lib/python3/dist-packages"
export NTLM_USER_FILE="$folder/users"

echo "DOM:user:correct horse" >users
tools/bin/python - <<'PROGRAM' || exit 1
import sys

import gssapi
import spnego

client = spnego.client("DOM\\user", "correct horse", hostname="localhost", service="http", protocol="ntlm")
mechanism = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
server = gssapi.SecurityContext(usage="accept", creds=gssapi.Credentials(usage="accept", mechs=[mechanism]))
server.step(client.step(server.step(client.step())))
seen = str(server.initiator_name)
if not server.complete or seen != "DOM\\user\0":
    print(f"changed: {seen!r}")
    sys.exit(1)
PROGRAM
echo "as found"
