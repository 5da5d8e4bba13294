import WinRMParameters

extension ValueType<[String]> {
    /// Computers with commas between, each a name, an address or a range of names.
    static let computers = ValueType("NAME", completes: .hosts) { (text) throws(ValueError) in
        var names: [String] = []
        for part in HostSource.parts(of: text) {
            for name in try asValueError({ () throws(UsageError) in try expandHostRange(part) }) {
                names.append(try asWinRMValue { () throws(WSManParameterError) in try WSManURL.computerName(name) })
            }
        }
        return names
    }
}

extension ValueType<String> {
    /// A service's address, whole, as it was given.
    static let uri = ValueType("URI", "System.Uri") { (text) throws(ValueError) in
        _ = try asWinRMValue { () throws(WSManParameterError) in try WSManURL.parse(text) }
        return text
    }
}

extension ValueType<WSManParameters> {
    /// What one setting of WinRM's is set to.
    /// - Parameters:
    ///   - setting: as `WSManSetting` names it.
    static func winRM(
        _ setting: String,
        _ placeholder: String?,
        _ type: String = "System.String",
        completes completion: ValueDescription.Completion = .nothing
    ) -> ValueType {
        ValueType(placeholder, type, completes: completion) { (text) throws(ValueError) in
            var parameters = WSManParameters()
            do throws(WSManParameterError) {
                try parameters.set(setting, to: text)
            } catch {
                throw ValueError(why: (error.reason ?? error.text) + ".")
            }
            return parameters
        }
    }

    static func winRMSwitch(_ setting: String) -> ValueType {
        winRM(setting, nil, "System.Management.Automation.SwitchParameter")
    }

    static let authentication = winRM(
        "Authentication",
        "MECHANISM",
        "System.Management.Automation.Runspaces.AuthenticationMechanism",
        completes: .words(WSManAuthentication.allCases.map(\.rawValue))
    )

    /// `KEY=VALUE` of New-PSSessionOption.
    static let sessionOption = ValueType(
        "KEY=VALUE",
        "System.Management.Automation.Remoting.PSSessionOption",
        completes: .words(WSManSetting.sessionOptions.map { "\($0.name)=" })
    ) { (text) throws(ValueError) in
        var parameters = WSManParameters()
        try asWinRMValue { () throws(WSManParameterError) in try parameters.setSessionOption(text) }
        return parameters
    }
}

/// The error names the option and its value by itself.
private func asWinRMValue<Value>(_ body: () throws(WSManParameterError) -> Value) throws(ValueError) -> Value {
    do { return try body() } catch { throw ValueError(why: error.message, code: .invalidArgument) }
}
