#!/bin/sh
# Tool:       gss-ntlmssp 1.2.0-1 (Debian 12), with its file of users (NTLM_USER_FILE).
# Expected:   a domain is the same in capitals and in small letters, as it is on Windows, and as a user is here. pyspnego 0.12.0,
#             which reads the same file, takes either.
# Found:      a user whose domain stands in the file in small letters cannot log in as DOM\user: the exchange ends with EINVAL,
#             "Invalid argument", and not with a word of the password. The user's own name may be in either.
# Seen:       dom:User:… in the file, DOM\user => Minor (22): Invalid argument; DOM:User:… => logged in
# For psrun:  where a test service on gss-ntlmssp turns -Credential DOM\user away, look at the letters of the file before the
#             password.
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

cat >login.py <<'PROGRAM'
import gssapi
import spnego


def login(server_of):
    client = spnego.client("DOM\\user", "correct horse", hostname="localhost", service="http", protocol="ntlm")
    server = server_of()
    try:
        server.step(client.step(server.step(client.step())))
    except (gssapi.exceptions.GSSError, spnego.exceptions.SpnegoError) as error:
        return f"refused {getattr(error, 'min_code', '')}".strip()
    return "logged in" if server.complete else "unfinished"


def by_gss():
    mechanism = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
    return gssapi.SecurityContext(usage="accept", creds=gssapi.Credentials(usage="accept", mechs=[mechanism]))


def by_spnego():
    options = spnego.NegotiateOptions.use_ntlm
    return spnego.server(hostname="localhost", service="http", protocol="ntlm", options=options)


print(login(by_gss), login(by_spnego), sep=", ")
PROGRAM
seen=
for domain in DOM dom; do
    echo "$domain:User:correct horse" >users
    seen="$seen$(tools/bin/python login.py); "
done
if [ "$seen" = "logged in, logged in; refused 22, logged in; " ]; then
    echo "as found"
else
    echo "changed: $seen"
    exit 1
fi
