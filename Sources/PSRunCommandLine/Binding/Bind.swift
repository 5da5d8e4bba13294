/// Understands a command line by itself.
///
/// - Parameter arguments: what follows the program's name.
/// - Throws: `UsageError`, for which the program ends with `ExitCode.usage`.
package func bind(arguments: [String]) throws(UsageError) -> Invocation {
    switch try readCommandLine(arguments) {
    case .whole(let invocation): invocation
    case .open(let reading): try reading.finish(with: [])
    }
}

/// What a command line says.
package enum ReadCommandLine: Sendable {
    /// Everything.
    case whole(Invocation)
    /// All but what the configuration may set.
    case open(CommandLineReading)
}

/// Reads a command line up to what the configuration may add.
///
/// - Parameter arguments: what follows the program's name.
/// - Throws: `UsageError`, for which the program ends with `ExitCode.usage`.
package func readCommandLine(_ arguments: [String]) throws(UsageError) -> ReadCommandLine {
    let named = arguments.first.flatMap(Verb.init(rawValue:))
    let options = arguments.prefix { $0 != "--" }
    if options.contains(where: EverywhereOptions.version.spellings.contains) { return .whole(.version) }
    if let place = options.firstIndex(where: EverywhereOptions.help.spellings.contains) {
        if let behind = arguments[(place + 1)...].first(where: { !$0.hasPrefix("-") }), Verb(rawValue: behind) == nil {
            throw UsageError(
                .unexpectedArgument,
                "\(arguments[place]) shows the help, and '\(printable(behind))' behind it would be ignored. "
                    + "A host is named with --host."
            )
        }
        let isPlaybook = arguments.first.map { !$0.hasPrefix("-") } ?? false
        return .whole(.help(HelpInvocation(verb: named ?? (isPlaybook ? .run : nil))))
    }
    var binder = Binder(.of(named ?? .run))
    try binder.read(named == nil ? arguments[...] : arguments.dropFirst())
    try binder.check(verbWasNamed: named != nil)
    let reading = CommandLineReading(binder)
    return reading.settings.isEmpty ? .whole(try reading.finish(with: [])) : .open(reading)
}
