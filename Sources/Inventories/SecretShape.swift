/// What looks like a secret by itself.
enum SecretShape {
    /// How tokens of well-known services begin.
    private static let beginnings = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "hvs.", "eyJ", "sk-", "gsk_",
        "dop_v1_", "npm_", "pypi-",
    ]
    /// A shorter rest is part of an ordinary word.
    private static let least = 16

    static func isIn(_ word: Substring) -> Bool { isURLWithPassword(word) || isToken(word) }

    private static func isToken(_ word: Substring) -> Bool {
        let isPart: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        return word.split { !isPart($0) }.contains { part in
            beginnings.contains { part.hasPrefix($0) && part.count >= $0.count + least }
        }
    }

    /// Whether a URL has a password, or in a user's place what no user is called.
    private static func isURLWithPassword(_ word: Substring) -> Bool {
        guard let scheme = word.firstRange(of: "://") else { return false }
        let authority = word[scheme.upperBound...].prefix { $0 != "/" }
        guard let end = authority.lastIndex(of: "@") else { return false }
        let user = authority[..<end]
        return user.contains(":") || user.count >= least
    }
}
