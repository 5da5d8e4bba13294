/// One row of the table: an option, or a parameter of Enter-PSSession, in each of its spellings.
package struct CommandOption: Sendable {
    package enum Availability: Sendable, Hashable {
        case now
        /// A common parameter that says something to a pipeline only.
        case inPipelineOnly
    }

    /// The headings of the help, in its order.
    package enum Group: String, Sendable, Hashable, CaseIterable {
        case kept = "Kept sessions"
        case target = "Target"
        case ssh = "SSH"
        case winRM = "WinRM"
        case machine = "Containers and virtual machines"
        case secrets = "Secrets"
        case session = "Session"
        case time = "Time"
        case night = "By the clock"
        case output = "Output"
        case recording = "Recording"
        case general = "Options"
    }

    /// PowerShell's spelling, without its dash.
    package var parameter: String?
    package var aliases: [String]
    /// The parameter sets it belongs to; empty for what goes with any target.
    package var sets: [ParameterSet]
    /// The Unix spelling, without its dashes.
    package var long: String?
    package var short: Character?
    package var value: ValueDescription
    package var isRepeatable: Bool
    package var availability: Availability
    package var group: Group
    package var help: String
    /// Reads a value's text and puts it where it belongs.
    var store: @Sendable (inout Draft, String) throws(ValueError) -> Void

    init<Value>(
        _ parameter: String? = nil,
        aliases: [String] = [],
        sets: [ParameterSet] = [],
        long: String? = nil,
        short: Character? = nil,
        _ type: ValueType<Value>,
        isRepeatable: Bool = false,
        _ availability: Availability = .now,
        in group: Group = .general,
        help: String = "",
        store: @escaping @Sendable (inout Draft, Value) -> Void = { _, _ in }
    ) {
        self.parameter = parameter
        self.aliases = aliases
        self.sets = sets
        self.long = long
        self.short = short
        self.value = type.description
        self.isRepeatable = isRepeatable
        self.availability = availability
        self.group = group
        self.help = help
        self.store = { (draft, text) throws(ValueError) in store(&draft, try type.parse(text)) }
    }
}

extension CommandOption {
    /// Common parameters go with every parameter set, and give way where a prefix also fits another parameter.
    package var isCommonParameter: Bool { parameter != nil && sets.isEmpty }

    /// PowerShell's name, or else the Unix one.
    package var name: String { parameter ?? long ?? short.map(String.init) ?? "" }

    /// The name its parameter set knows it by: the two spellings of ConnectingTimeout are two rows, since they take
    /// their value in different units, and there are three ways to name hosts.
    var setName: String {
        if long == "connecting-timeout" { return "ConnectingTimeout" }
        return short == "w" || short == "i" ? "HostName" : name
    }

    /// The name by which it selects its parameter set: a limit selects hosts of an inventory, which may be configured.
    var selectingName: String { long == "limit" ? "HostName" : setName }

    func isSame(as other: CommandOption) -> Bool { setName == other.setName }

    /// Every spelling with its dashes: the short one, the Unix one, PowerShell's.
    package var spellings: [String] {
        [short.map { "-\($0)" }, long.map { "--\($0)" }, parameter.map { "-\($0)" }].compactMap(\.self)
    }
}
