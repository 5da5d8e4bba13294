/// How a session is named to a person: before its prompt, in results and in recordings.
package struct SessionLabel: Sendable, Hashable, CustomStringConvertible {
    /// `user@host`, or `host` alone.
    package var description: String

    /// A session over SSH. The user is shown only when one was specified and differs, by case too, from the account
    /// that psrun runs under. Source: console/prompt-names.
    package init(ssh host: HostName, userName: String?, localAccount: String) {
        let user = host.user ?? userName
        description = user.map { $0 == localAccount ? host.host : "\($0)@\(host.host)" } ?? host.host
    }

    /// A session on this computer.
    package static let local = SessionLabel(description: "localhost")

    private init(description: String) {
        self.description = description
    }

    /// The far side's prompt as a person sees it: `[label]: prompt`.
    package func wrapping(prompt: String) -> String {
        "[\(description)]: \(prompt)"
    }
}
