#!/bin/sh
# A web server that asks for Digest, on 127.0.0.1, for tests; ends with its parent.
#
# Usage: digest_server.sh FOLDER PORT SERVER       SERVER is apache (MD5) or lighttpd (SHA-256 and MD5)
#
# /wsman is behind Digest, realm `psrun tests`; the user is alice, and the password `Pässword 1`. FOLDER/ready says that it starts.
# BACKEND, where it is given, is the port of what answers behind it; else what was posted is said again.
set -eu
folder=$1 port=$2 server=$3 here=$(cd "$(dirname "$0")" && pwd)
cd "$folder"
mkdir -p www
chmod 755 . www
# shellcheck disable=SC2016 # a script's own text
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\nheard: "\nhead -c "$CONTENT_LENGTH"\n' >www/wsman
printf 'alice:psrun tests:%s\n' "$(printf 'alice:psrun tests:Pässword 1' | md5sum | cut -d ' ' -f 1)" >users
chmod 644 users
chmod 755 www/wsman
touch ready
case $server in
apache)
    modules=/usr/lib/apache2/modules
    behind="ScriptSock $folder/cgid
ScriptAlias /wsman $folder/www/wsman"
    [ -z "${BACKEND:-}" ] || behind="LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
ProxyPass /wsman http://127.0.0.1:$BACKEND/wsman"
    cat >apache.conf <<EOF
ServerName localhost
Listen 127.0.0.1:$port
PidFile $folder/apache.pid
ErrorLog $folder/error.log
User nobody
Group nogroup
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authn_file_module $modules/mod_authn_file.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule auth_digest_module $modules/mod_auth_digest.so
LoadModule cgid_module $modules/mod_cgid.so
LoadModule alias_module $modules/mod_alias.so
$behind
DocumentRoot $folder/www
<Location /wsman>
    AuthType Digest
    AuthName "psrun tests"
    AuthUserFile $folder/users
    AuthDigestNonceLifetime ${NONCE_SECONDS:-300}
    Require valid-user
</Location>
EOF
    exec "$here/until_parent_ends.sh" /usr/sbin/apache2 -f "$folder/apache.conf" -DFOREGROUND
    ;;
lighttpd)
    printf 'alice:Pässword 1\n' >plain
    behind='cgi.assign = ("/wsman" => "")'
    [ -z "${BACKEND:-}" ] ||
        behind="proxy.server = (\"/wsman\" => ((\"host\" => \"127.0.0.1\", \"port\" => $BACKEND)))"
    cat >lighttpd.conf <<EOF
server.modules = ("mod_auth", "mod_authn_file", "mod_cgi", "mod_proxy")
$behind
server.document-root = "$folder/www"
server.bind = "127.0.0.1"
server.port = $port
auth.backend = "plain"
auth.backend.plain.userfile = "$folder/plain"
auth.require = ("/" => ("method" => "digest", "algorithm" => "SHA-256|MD5", "realm" => "psrun tests", "require" => "valid-user"))
EOF
    exec "$here/until_parent_ends.sh" /usr/sbin/lighttpd -D -f "$folder/lighttpd.conf"
    ;;
esac
