/// A command line that was understood: one verb with everything it needs, defaults filled in.
package enum Invocation: Sendable, Hashable {
    case run(RunInvocation)
    case blocks(RunInvocation)
    case targets(TargetsInvocation)
    case processes(ProcessesInvocation)
    case schedule(ScheduleInvocation)
    case replay(ReplayInvocation)
    case follow(FollowInvocation)
    case list(ListInvocation)
    case show(ShowInvocation)
    case search(SearchInvocation)
    case diff(DiffInvocation)
    case export(ExportInvocation)
    case recover(RecoverInvocation)
    case prune(PruneInvocation)
    case verify(VerifyInvocation)
    case prove(ProveInvocation)
    case endpoint(EndpointInvocation)
    case completions(CompletionsInvocation)
    case manual(ManualInvocation)
    case help(HelpInvocation)
    case version
}
