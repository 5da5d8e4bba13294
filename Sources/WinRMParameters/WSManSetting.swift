/// A parameter as `KEY=VALUE`: one of New-PSSessionOption's, or one that only inventories and recordings write so.
package struct WSManSetting: Sendable {
    /// PowerShell's spelling where it has one.
    package let name: String
    /// What `-SessionOption` takes.
    package let isSessionOption: Bool
    /// A switch, which needs no value.
    let isSwitch: Bool
    let set: @Sendable (inout WSManParameters, String) throws(WSManValueError) -> Void
    let texts: @Sendable (WSManParameters) -> [String]
    /// Takes from the second what the first does not say.
    let fill: @Sendable (inout WSManParameters, WSManParameters) -> Void

    init<Value>(
        _ name: String,
        of isSessionOption: Bool,
        isSwitch: Bool = false,
        _ path: any WritableKeyPath<WSManParameters, Value?> & Sendable,
        _ form: WSManForm<Value>
    ) {
        self.name = name
        self.isSessionOption = isSessionOption
        self.isSwitch = isSwitch
        set = { (parameters, text) throws(WSManValueError) in parameters[keyPath: path] = try form.read(text) }
        texts = { $0[keyPath: path].map { [form.write($0)] } ?? [] }
        fill = { $0[keyPath: path] = $0[keyPath: path] ?? $1[keyPath: path] }
    }

    /// One that may be given several times.
    init<Value>(
        _ name: String,
        of isSessionOption: Bool,
        list path: any WritableKeyPath<WSManParameters, [Value]> & Sendable,
        _ form: WSManForm<Value>
    ) {
        self.name = name
        self.isSessionOption = isSessionOption
        isSwitch = false
        set = { (parameters, text) throws(WSManValueError) in parameters[keyPath: path].append(try form.read(text)) }
        texts = { $0[keyPath: path].map { form.write($0) } }
        fill = { if $0[keyPath: path].isEmpty { $0[keyPath: path] = $1[keyPath: path] } }
    }
}

/// Why a value is none: what a setting takes.
struct WSManValueError: Error {
    let why: String

    init(_ why: String) {
        self.why = why
    }
}

/// How a value is written.
struct WSManForm<Value>: Sendable {
    let read: @Sendable (String) throws(WSManValueError) -> Value
    let write: @Sendable (Value) -> String
}

extension WSManParameters {
    /// Reads `KEY=VALUE` of -SessionOption, in any letter case; a switch may stand alone.
    /// - Throws: also for what New-PSSessionOption has and psrun does not, with the reason.
    package mutating func setSessionOption(_ text: String) throws(WSManParameterError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(trimmingBlanks(parts.first ?? ""))
        let value = parts.count == 2 ? String(trimmingBlanks(parts[1])) : nil
        try set(name, value, WSManSetting.sessionOptions)
    }

    /// Sets one by its name, as `texts` has it.
    package mutating func set(_ name: String, to value: String) throws(WSManParameterError) {
        try set(name, value, WSManSetting.all)
    }

    private mutating func set(
        _ name: String,
        _ value: String?,
        _ settings: [WSManSetting]
    ) throws(WSManParameterError) {
        // OpenTimeoutMSec and its like are PowerShell's other names.
        let lower = name.lowercased()
        let folded = lower.hasSuffix("timeoutmsec") ? String(lower.dropLast(4)) : lower
        guard let setting = settings.first(where: { $0.name.lowercased() == folded }) else {
            throw WSManSetting.unknown(name)
        }
        guard let given = value ?? (setting.isSwitch ? "true" : nil) else {
            throw WSManParameterError(
                .invalidOption,
                "\(setting.name) needs a value: \(setting.name)=VALUE."
            )
        }
        do throws(WSManValueError) {
            try setting.set(&self, given)
        } catch {
            throw WSManParameterError(
                .invalidOption,
                "\(setting.name) does not take '\(presentable(withoutUser(given[...])))': \(error.why).",
                reason: error.why
            )
        }
    }

    /// All that is said, as `NAME=VALUE`: `set` reads each again.
    package var texts: [String] {
        WSManSetting.all.flatMap { setting in setting.texts(self).map { "\(setting.name)=\($0)" } }
    }

    /// Reads what `texts` wrote.
    package init(texts: [String]) throws(WSManParameterError) {
        self.init()
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            try set(String(parts[0]), to: parts.count == 2 ? String(parts[1]) : "")
        }
    }

    /// The same, with what it does not say taken from another.
    package func over(_ base: WSManParameters) -> WSManParameters {
        var whole = self
        for setting in WSManSetting.all { setting.fill(&whole, base) }
        return whole
    }
}
