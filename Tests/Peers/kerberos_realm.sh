#!/bin/sh
# A realm of MIT Kerberos for tests, PSRUN.TEST, on 127.0.0.1: makes it in FOLDER, serves it on PORT, and ends with its parent.
#
# Usage: kerberos_realm.sh FOLDER PORT SERVICE…     for example kerberos_realm.sh /tmp/x 8888 host/srv01 HTTP/srv01
#
# FOLDER gets krb5.conf, for KRB5_CONFIG; keytab, with the keys of the services; kdc.log; and `ready`, once the KDC is started.
# The users are alice and bob@PSRUN.TEST, whose password is `Pässword 1`. Lines of FOLDER/realms are further realms: a name
# and the port of its KDC each. TICKET_LIFE, 12h by default, is how long tickets hold,
# and KEY_TYPE, aes256-cts by default, is what all keys are for.
set -eu
folder=$1 port=$2 here=$(cd "$(dirname "$0")" && pwd)
shift 2
realm=PSRUN.TEST
cd "$folder"
{
    printf '[libdefaults]\n default_realm = %s\n dns_lookup_kdc = false\n dns_lookup_realm = false\n' "$realm"
    printf ' permitted_enctypes = %s\n allow_weak_crypto = true\n allow_rc4 = true\n' "${KEY_TYPE:-aes256-cts}"
    printf ' udp_preference_limit = 1\n[realms]\n %s = {\n  kdc = 127.0.0.1:%s\n }\n' "$realm" "$port"
    if [ -f realms ]; then
        while read -r name other; do printf ' %s = {\n  kdc = 127.0.0.1:%s\n }\n' "$name" "$other"; done <realms
    fi
    printf '[logging]\n kdc = FILE:%s/kdc.log\n default = FILE:%s/admin.log\n' "$folder" "$folder"
} >krb5.conf
cat >kdc.conf <<EOF
[kdcdefaults]
 kdc_listen = 127.0.0.1:$port
 kdc_tcp_listen = 127.0.0.1:$port
[realms]
 $realm = {
  database_name = $folder/principal
  key_stash_file = $folder/stash
  acl_file = $folder/acl
  max_life = ${TICKET_LIFE:-12h}
  supported_enctypes = ${KEY_TYPE:-aes256-cts}:normal
 }
EOF
KRB5_CONFIG=$folder/krb5.conf KRB5_KDC_PROFILE=$folder/kdc.conf
export KRB5_CONFIG KRB5_KDC_PROFILE
PATH=$PATH:/usr/sbin
kdb5_util create -s -r "$realm" -P master >admin.out 2>&1
{
    # An account's first step is to prove that it knows its password, as it is on Windows.
    for user in alice bob; do printf 'addprinc +requires_preauth -pw "Pässword 1" %s\n' "$user"; done
    for service in "$@"; do printf 'addprinc -randkey %s\nktadd -k %s/keytab %s\n' "$service" "$folder" "$service"; done
} | kadmin.local -r "$realm" >>admin.out 2>&1
[ -s keytab ] || {
    cat admin.out >&2
    exit 1
}
chmod 644 keytab krb5.conf
touch ready
exec "$here/until_parent_ends.sh" krb5kdc -n -r "$realm" -P "$folder/kdc.pid"
