import Glibc

/// An account of this computer's user data base (getpwuid_r(3), getpwnam_r(3)).
package struct UserAccount: Sendable, Hashable {
    package let name: String
    /// Its home folder; nil where it has none.
    package let home: String?

    /// - Returns: nil where there is no such account.
    package init?(_ user: UInt32) {
        self.init { getpwuid_r(user, $0, $1, $2, $3) }
    }

    /// - Returns: nil where there is no such account.
    package init?(named name: String) {
        self.init { getpwnam_r(name, $0, $1, $2, $3) }
    }

    /// The account that this process runs as.
    package static var ofThisProcess: UserAccount? { UserAccount(getuid()) }

    /// The home folder of whoever runs this: HOME, where that is a path from the root, and else the account's.
    /// - Returns: nil where there is neither.
    package static func home(_ environment: [String: String]) -> String? {
        environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? ofThisProcess?.home
    }

    private typealias LookUp = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private init?(_ lookUp: LookUp) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        let texts: (String, String)? = buffer.withUnsafeMutableBufferPointer { buffer in
            guard
                let start = buffer.baseAddress,
                lookUp(&entry, start, buffer.count, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return (String(cString: name), entry.pw_dir.map { String(cString: $0) } ?? "")
        }
        guard let (name, home) = texts else { return nil }
        self.name = name
        self.home = home.isEmpty ? nil : home
    }
}
