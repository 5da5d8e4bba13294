import PSRunCommandLine
import Recording
import SessionBroker
import Targets

/// `psrun completions hosts`, `runs` and `sessions`: what a shell offers when somebody presses Tab. It is never an error: nobody could
/// read it there.
enum CompletionCandidates {
    private static let mostRuns = 200

    /// A candidate a line.
    static func text(_ candidates: CompletionsInvocation.Candidates, environment: [String: String]) -> String {
        let words =
            switch candidates {
            case .hosts: HostCandidates.all(environment: environment)
            case .runs: runs(environment)
            case .sessions: KeptNames.all(environment: environment)
            }
        return words.map { $0 + "\n" }.joined()
    }

    /// The newest first. Only the folder's names are read.
    private static func runs(_ environment: [String: String]) -> [String] {
        guard let store = try? RunStore.standard(option: nil, environment: environment) else { return [] }
        return ((try? store.presentNames()) ?? []).suffix(mostRuns).reversed()
    }
}
