/// The rows that every verb has. They are looked for before anything else is read.
enum EverywhereOptions {
    static let help = CommandOption(long: "help", short: "h", .flag, help: "Explain psrun, or the given verb.")
    static let version = CommandOption(long: "version", .flag, help: "Print psrun's version.")

    static let all = [help, version]
}

extension VerbDefinition {
    /// The rows a person can use now, in the order of the help.
    var usableOptions: [CommandOption] {
        (options + EverywhereOptions.all).filter { $0.availability == .now }
    }
}
