import Glibc

/// Whoever runs psrun, as the chain names them.
package enum ThisUser {
    /// `alice(1000)`: login name and user id. Where somebody logged in as another, and the kernel knows it, both:
    /// `alice(1000) as root(0)`.
    package static let name: String = {
        let user = getuid()
        guard let login = loginUser, login != user else { return name(of: user) }
        return "\(name(of: login)) as \(name(of: user))"
    }()

    /// Whoever logged in, sudo or not (proc_pid_loginuid(5)); nil where nobody did, or the kernel does not keep it.
    private static var loginUser: uid_t? {
        guard let file = fopen("/proc/self/loginuid", "re") else { return nil }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 32)
        let count = fread(&text, 1, text.count, file)
        let user = uid_t(String(decoding: text.prefix(count), as: UTF8.self))
        return user == uid_t.max ? nil : user
    }

    /// The same of any user.
    package static func name(of user: UInt32) -> String {
        "\(UserAccount(user)?.name ?? "")(\(user))"
    }
}
