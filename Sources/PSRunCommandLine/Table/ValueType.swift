/// Why an option does not take a value.
struct ValueError: Error {
    /// A sentence, without the option's name.
    var why: String
    /// Set where `why` names the value by itself.
    var code: UsageError.Code?

    func usageError(for spelling: String, value: String) -> UsageError {
        code.map { UsageError($0, "\(spelling): \(why)") }
            ?? UsageError(.invalidArgument, "\(spelling) does not take '\(printable(value))': \(why)")
    }
}

/// What help, completions and the manual say of a value.
package struct ValueDescription: Sendable, Hashable {
    package enum Completion: Sendable, Hashable {
        /// `hosts`, `runs` and `sessions` are asked of `psrun completions` when they are wanted.
        case nothing, file, folder, hosts, runs, sessions
        case words([String])
    }

    /// nil for a switch, which has none.
    package var placeholder: String?
    /// The type PowerShell gives to what is written here.
    package var powerShellType: String
    package var completion: Completion

    package var isSwitch: Bool { placeholder == nil }
}

/// How an option's text becomes its value.
struct ValueType<Value>: Sendable {
    var description: ValueDescription
    var parse: @Sendable (String) throws(ValueError) -> Value

    init(
        _ placeholder: String?,
        _ powerShellType: String = "System.String",
        completes completion: ValueDescription.Completion = .nothing,
        parse: @escaping @Sendable (String) throws(ValueError) -> Value
    ) {
        description = ValueDescription(
            placeholder: placeholder,
            powerShellType: powerShellType,
            completion: completion
        )
        self.parse = parse
    }
}

extension ValueType<Bool> {
    /// A switch; `-Name:$false` turns it off.
    static let flag = ValueType(nil, "System.Management.Automation.SwitchParameter") { (text) throws(ValueError) in
        switch text.lowercased() {
        case "$true", "true", "1": true
        case "$false", "false", "0": false
        default: throw ValueError(why: "a switch takes $true or $false.")
        }
    }

    /// A switch that can only be on, as -SSHTransport.
    static let onlyOn = ValueType(nil, "System.Management.Automation.SwitchParameter") { (text) throws(ValueError) in
        guard try flag.parse(text) else { throw ValueError(why: "it can only be $true.") }
        return true
    }
}

extension ValueType<String> {
    /// - Parameter mayBeBlank: whether spaces alone mean something.
    static func text(
        _ placeholder: String,
        _ powerShellType: String = "System.String",
        completes completion: ValueDescription.Completion = .nothing,
        mayBeBlank: Bool = false
    ) -> ValueType {
        ValueType(placeholder, powerShellType, completes: completion) { (text) throws(ValueError) in
            guard mayBeBlank ? !text.isEmpty : !text.allSatisfy(\.isWhitespace) else {
                throw ValueError(why: "it takes \(placeholder), which cannot be empty.")
            }
            return text
        }
    }

    /// A user of Windows, or of a virtual machine: neither has a colon in a name. The value may have a password in it, and is
    /// not repeated.
    static let credential = ValueType("USER", "System.Management.Automation.PSCredential") {
        (text) throws(ValueError) in
        let user = try ValueType<String>.text("USER").parse(text)
        guard !user.contains(":") else {
            throw ValueError(
                why: "it takes a user's name alone, which has no colon. A password does not belong on a command line: "
                    + "--password-file, --password-command or --password-credential gives it.",
                code: .invalidArgument
            )
        }
        return user
    }

    /// Text that may be empty.
    static func anyText(_ placeholder: String) -> ValueType {
        ValueType(placeholder) { $0 }
    }

    /// The name of a file in systemd's folder of credentials.
    static let credentialName = ValueType("NAME") { (text) throws(ValueError) in
        guard !text.isEmpty, text.utf8.count <= 255, !text.contains("/"), !text.hasPrefix(".") else {
            throw ValueError(why: "it takes the name of a credential, such as psrun.password.")
        }
        return text
    }

    static let file = text("FILE", completes: .file, mayBeBlank: true)

    /// A file that the node exporter reads.
    static let metricsFile = ValueType("FILE", completes: .file) { (text) throws(ValueError) in
        guard text.hasSuffix(".prom"), !text.hasSuffix("/.prom"), text != ".prom" else {
            throw ValueError(why: "the node exporter reads only files whose names end in .prom.")
        }
        return text
    }
    static let folder = text("DIR", completes: .folder, mayBeBlank: true)
}

extension ValueType where Value: RawRepresentable<String> & CaseIterable & Sendable {
    /// One of an enum's names, in any letter case.
    static func choice(_ placeholder: String, _ type: String = "System.String") -> ValueType {
        let names = Value.allCases.map(\.rawValue)
        return ValueType(placeholder, type, completes: .words(names)) { (text) throws(ValueError) in
            let given = text.lowercased()
            if let value = Value.allCases.first(where: { $0.rawValue.lowercased() == given }) { return value }
            throw ValueError(why: "it takes \(listed(names)).")
        }
    }
}
