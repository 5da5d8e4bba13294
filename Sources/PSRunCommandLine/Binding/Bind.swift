/// Understands a command line.
///
/// - Parameter arguments: what follows the program's name.
/// - Throws: `UsageError`, for which the program ends with `ExitCode.usage`.
package func bind(arguments: [String]) throws(UsageError) -> Invocation {
    guard let playbook = arguments.first else {
        throw UsageError(.missingArgument, "A playbook is missing; try 'psrun --help'.")
    }
    return .run(RunInvocation(playbook: playbook))
}
