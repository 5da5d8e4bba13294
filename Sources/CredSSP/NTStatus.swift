/// What an NTSTATUS says, of those that a login ends with (MS-ERREF, 2.3.1).
package enum NTStatus {
    /// For the middle of a sentence: `the user name or the password is wrong (0xC000006D)`.
    package static func text(_ status: UInt32) -> String {
        let digits = String(status, radix: 16, uppercase: true)
        let number = "0x" + String(repeating: "0", count: 8 - digits.count) + digits
        return words[status].map { "\($0) (\(number))" } ?? "NTSTATUS \(number)"
    }

    private static let words: [UInt32: String] = [
        0xC000_0022: "access is denied",
        0xC000_005E: "no server of the domain can be reached to check the login",
        0xC000_0064: "there is no such user",
        0xC000_006A: "the password is wrong",
        0xC000_006C: "the password does not keep the rules for passwords",
        0xC000_006D: "the user name or the password is wrong",
        0xC000_006E: "the account is restricted: a password that is empty, or a rule of the host",
        0xC000_006F: "the account may not log in at this hour",
        0xC000_0070: "the account may not log in from this computer",
        0xC000_0071: "the password has expired",
        0xC000_0072: "the account is disabled",
        0xC000_00DC: "the domain's server is not ready for it",
        0xC000_0133: "the clocks of this computer and the domain are too far apart",
        0xC000_015B: "the account may not log in to the host in this way",
        0xC000_018A: "the trust between host and domain has no password",
        0xC000_018C: "the trust between the domains is broken",
        0xC000_018D: "the trust between host and domain is broken",
        0xC000_0192: "the logon service does not run",
        0xC000_0193: "the account has expired",
        0xC000_0199: "it is the account of a domain, which may not log in",
        0xC000_0224: "the password must be changed first",
        0xC000_0234: "the account is locked",
        0xC000_035B: "the channel binding is wrong: somebody may stand in the middle",
        0xC000_0388: "a weaker login was negotiated than both sides can do",
        0xC000_0413: "the host takes logins of chosen accounts alone",
        0xC000_0418: "the host does not take NTLM",
        0x8009_030C: "the user name or the password is wrong",
        0x8009_030D: "the credentials cannot be used",
        0x8009_030E: "there are no credentials for it",
        0x8009_0308: "the token is invalid",
        0x8009_0346: "the channel binding is wrong: somebody may stand in the middle",
    ]
}
