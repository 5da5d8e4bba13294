import Inventories
import Testing

/// What programs say of their failures: the secrets in it go, and the reason stays.
struct SecretWordsTests {
    @Test(
        "A reason that only speaks of secrets stays as it is",
        arguments: [
            "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
            "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.",
            "InvalidCredentialsError: token is malformed", "KeyError: 'VAULT_PASSWORD'",
            "error loading credentials: open /home/op/.aws/credentials: no such file or directory",
            "ERROR 1045 (28000): Access denied for user 'op'@'db' (using password: YES)",
            "Access denied for user 'op'@'db' (using password: NO) (1045)",
            "/root/.vault_pass: Permission denied", "cat: '/run/secrets/db_password': No such file or directory",
            "/etc/ansible/secrets.yml:3: found character that cannot start any token",
            "parse error near unexpected token: newline", "ERROR! Attempting to decrypt but no vault secrets found",
            "fatal: Authentication failed for 'https://git.example.com/group/proj.git/'",
            "fatal: could not read Password for 'https://git@git.example.com': No such device or address",
            "psql: FATAL: password authentication failed for user \"op\"", "Permission denied (publickey,password).",
            "run with --vault-password-file /etc/vault.txt", "docker -p 8080 -u root", "Basic auth is required",
        ]
    )
    func reasons(text: String) {
        #expect(SecretWords.masked(text) == text)
    }

    @Test(
        "A secret goes, wherever a program has it",
        arguments: [
            "sshpass -p hidden ssh -p 22 op@h: exit status 5", "+ sshpass -phidden ssh h",
            "mysql -u op -phidden: failed",
            "Command '['mysqldump', '-u', 'op', '-phidden']' returned 1",
            "Command '['vault', 'login', '-token', 'hidden']' failed",
            "+ curl -u admin:hidden https://h/api", "+ curl --user 'admin:hidden' https://h/api",
            "+ curl -H 'Authorization: Bearer hidden' https://h", "sent Bearer hiddenhiddenhidden to https://h",
            "401 for url: https://h/api/?limit=5&token=hidden",
            "cannot clone https://ghp_hiddenhiddenhidden@git.example.com/x",
            "cannot clone https://op:hidden@git.example.com/x",
            "{'user': 'op', 'password': 'hidden two', 'verify': False}",
            "ldap_bind: bindpw=hidden: Invalid credentials (49)", "Set-Cookie: session=hidden; HttpOnly",
            "X-Auth-Token: hidden",
            "got glpat-hiddenhiddenhidden back", "refused: 'eyJhiddenhiddenhidden.eyJhidden.x'",
            "invalid token: hidden",
            "credential: hidden", "--api-token=hidden is not accepted",
        ]
    )
    func secrets(text: String) {
        let masked = SecretWords.masked(text)
        #expect(!masked.contains("hidden") && masked.contains(SecretWords.mask), "\(masked)")
    }
}
