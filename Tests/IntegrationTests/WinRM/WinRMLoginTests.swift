import PSRunTestSupport
import Testing

/// Each way to log in over WinRM, through psrun as a program, at servers whose proofs are not psrun's: MIT's KDC and library,
/// gss-ntlmssp, pyspnego, apache and lighttpd. In two dialects.
@Suite(.serialized)
struct WinRMLoginTests {
    @Test("Kerberos: Kerberos or an error", arguments: WinRMLoginRows.kerberos, ["windows", "omi"])
    func kerberos(_ row: WinRMRow, _ dialect: String) async throws { try await row.check(dialect: dialect) }

    @Test("NTLM: for names that Kerberos does not have", arguments: WinRMLoginRows.ntlm, ["windows", "omi"])
    func ntlm(_ row: WinRMRow, _ dialect: String) async throws { try await row.check(dialect: dialect) }

    @Test(
        "CredSSP: the password itself, to whom it was meant for",
        arguments: WinRMLoginRows.credSSP,
        ["windows", "omi"]
    )
    func credSSP(_ row: WinRMRow, _ dialect: String) async throws { try await row.check(dialect: dialect) }

    @Test("Basic and Digest: nothing in clear unasked", arguments: WinRMLoginRows.basicAndDigest, ["windows", "omi"])
    func basicAndDigest(_ row: WinRMRow, _ dialect: String) async throws { try await row.check(dialect: dialect) }
}
