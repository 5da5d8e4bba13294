/// A user's name and password, as they were given.
package final class WinRMCredential: Sendable, CustomStringConvertible, CustomReflectable {
    package let user: String
    /// In UTF-8, shown for a moment; whoever gets it wipes it or passes it on.
    package let password: @Sendable () -> [UInt8]

    package init(user: String, password: @escaping @Sendable () -> [UInt8]) {
        self.user = user
        self.password = password
    }

    package var account: AccountName { AccountName(user) }

    package var description: String { "\(user), <secret>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// How an account is named on Windows.
package enum AccountName: Sendable, Hashable {
    /// `alice@example.com`: an account of a domain, by its realm.
    case principal(user: String, realm: String)
    /// `EXAMPLE\alice`: an account of a domain or of one computer, by NetBIOS's name.
    case downLevel(domain: String, user: String)
    /// `alice`: an account of the far side's own.
    case local(user: String)

    package init(_ text: String) {
        if let slash = text.firstIndex(of: "\\") {
            self = .downLevel(domain: String(text[..<slash]), user: String(text[text.index(after: slash)...]))
        } else if let at = text.lastIndex(of: "@"), at > text.startIndex, text.index(after: at) < text.endIndex {
            self = .principal(user: String(text[..<at]), realm: String(text[text.index(after: at)...]))
        } else {
            self = .local(user: text)
        }
    }
}
