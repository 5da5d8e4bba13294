/// Understands a command line.
///
/// - Parameter arguments: what follows the program's name.
/// - Throws: `UsageError`, for which the program ends with `ExitCode.usage`.
package func bind(arguments: [String]) throws(UsageError) -> Invocation {
    let named = arguments.first.flatMap(Verb.init(rawValue:))
    let options = arguments.prefix { $0 != "--" }
    if options.contains(where: EverywhereOptions.version.spellings.contains) { return .version }
    if options.contains(where: EverywhereOptions.help.spellings.contains) {
        let isPlaybook = arguments.first.map { !$0.hasPrefix("-") } ?? false
        return .help(HelpInvocation(verb: named ?? (isPlaybook ? .run : nil)))
    }
    var binder = Binder(.of(named ?? .run))
    try binder.read(named == nil ? arguments[...] : arguments.dropFirst())
    return try binder.finish(verbWasNamed: named != nil)
}
