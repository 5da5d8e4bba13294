extension ValueType<[HostSource]> {
    /// A host, a range of hosts, or where hosts are read.
    static let hosts = ValueType("[USER@]HOST[:PORT]", completes: .hosts) { (text) throws(ValueError) in
        try asValueError { () throws(UsageError) in try HostSource.parse(text) }
    }
}

extension ValueType<[HostName]> {
    /// Hosts with commas between, in the order of the way; `none` is a direct way.
    static let jumpHosts = ValueType("[USER@]HOST[:PORT],…", completes: .hosts) { (text) throws(ValueError) in
        guard text.lowercased() != "none" else { return [] }
        var hosts: [HostName] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            hosts.append(try asValueError { () throws(UsageError) in try HostName.parse(String(part)) })
        }
        return hosts
    }
}

extension ValueType<SSHChoices.Option> {
    /// An ssh_config keyword and its value.
    static let keyValue = ValueType("KEY=VALUE", "System.Collections.Hashtable") { (text) throws(ValueError) in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, !parts[0].isEmpty,
            parts[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else {
            throw ValueError(why: "it takes KEY=VALUE, an ssh_config keyword and its value.")
        }
        guard SSHConfigKeyword.exists(String(parts[0])) else {
            let meant = nearest(to: String(parts[0]), in: SSHConfigKeyword.names).map { " Is \($0) meant?" } ?? ""
            throw ValueError(why: "ssh_config has no keyword \(parts[0]).\(meant)")
        }
        return SSHChoices.Option(keyword: String(parts[0]), value: String(parts[1]))
    }
}

extension ValueType<RunInvocation.Prompts.Answer> {
    /// `REGEX=TEXT`: the first `=` ends the expression; `\x3D` is one within it. No error shows the text.
    static func answer(_ placeholder: String, completes completion: ValueDescription.Completion) -> ValueType {
        ValueType(placeholder, completes: completion) { (text) throws(ValueError) in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValueError(why: "it takes \(placeholder).", code: .invalidArgument)
            }
            guard (try? Regex(String(parts[0]))) != nil else {
                throw ValueError(why: "'\(printable(parts[0]))' is not a regular expression.", code: .invalidArgument)
            }
            return RunInvocation.Prompts.Answer(pattern: String(parts[0]), value: String(parts[1]))
        }
    }
}

func asValueError<Value>(_ body: () throws(UsageError) -> Value) throws(ValueError) -> Value {
    do { return try body() } catch { throw ValueError(why: error.message, code: error.code) }
}
