/// Understands a command line.
///
/// - Parameter arguments: what follows the program's name.
/// - Throws: `UsageError`, for which the program ends with `ExitCode.usage`.
package func bind(arguments: [String]) throws(UsageError) -> Invocation {
    let named = arguments.first.flatMap(Verb.init(rawValue:))
    let options = arguments.prefix { $0 != "--" }
    if options.contains(where: EverywhereOptions.version.spellings.contains) { return .version }
    if let place = options.firstIndex(where: EverywhereOptions.help.spellings.contains) {
        if let behind = arguments[(place + 1)...].first(where: { !$0.hasPrefix("-") }), Verb(rawValue: behind) == nil {
            throw UsageError(
                .unexpectedArgument,
                "\(arguments[place]) shows the help, and '\(printable(behind))' behind it would be ignored. "
                    + "A host is named with --host."
            )
        }
        let isPlaybook = arguments.first.map { !$0.hasPrefix("-") } ?? false
        return .help(HelpInvocation(verb: named ?? (isPlaybook ? .run : nil)))
    }
    var binder = Binder(.of(named ?? .run))
    try binder.read(named == nil ? arguments[...] : arguments.dropFirst())
    return try binder.finish(verbWasNamed: named != nil)
}
