extension Draft {
    /// Under --cron nobody is there: what would ask or tell somebody is refused, and what could wait for ever is bounded.
    func prepareNight(_ invocation: inout RunInvocation) throws(UsageError) {
        guard run.cron else {
            guard run.splay == nil else {
                throw UsageError(.missingArgument, "--splay is how long a run by the clock waits: give --cron as well.")
            }
            return
        }
        func refuse(_ option: String, _ why: String) -> UsageError {
            UsageError(.unexpectedArgument, "\(option) cannot go with --cron: \(why)")
        }
        if run.prompts.asksPerson { throw refuse("--ask", "nobody is there to answer; give --answer.") }
        if run.verbosity == .verbose { throw refuse("--verbose", "a run that goes well says nothing.") }
        if run.tracesProtocol { throw refuse("--debug", "a run that goes well says nothing.") }
        if run.output.format != .text, run.output.file == nil, !run.dryRun {
            throw refuse("--format", "a run that goes well prints nothing; name a file with --output.")
        }
        invocation.connectingTimeout = connectingTimeout ?? RunInvocation.cronConnectingTimeout
        invocation.limits.target = run.limits.target ?? RunInvocation.cronTargetLimit
        invocation.output.color = .never
        guard !run.dryRun else { return }
        invocation.verbosity = .quiet
    }
}
