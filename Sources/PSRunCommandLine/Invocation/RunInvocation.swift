package import Sharding

/// `psrun PLAYBOOK …`: a playbook against a set of targets.
package struct RunInvocation: Sendable, Hashable {
    package var playbook: PlaybookSource
    /// Where sessions are entered.
    package var targets = TargetSelection.local
    /// Which part of the targets is meant; nil for all of them.
    package var shard: ShardRequest?
    /// Where secrets come from.
    package var credentials = CredentialSources()
    /// From the first system call to the first prompt; nil is unlimited.
    package var connectingTimeout: Duration?
    /// How many targets run at once.
    package var fanout = RunInvocation.defaultFanout
    package var errorAction = ErrorAction.continue
    package var limits = Limits()
    package var blocks = Blocks()
    /// Run a playbook whose ending names another language than the far side's.
    package var anyShell = false
    package var prompts = Prompts()
    /// A path on the far side, dot-sourced as the first step.
    package var loadProfile: String?
    /// One target: the exit code is the N of `exit N`.
    package var exitFromSession = false
    /// The recordings folder; nil leaves the choice to the environment.
    package var recordings: String?
    package var onRecordFailure = RecordFailurePolicy.stop
    package var seal = SealSettings()
    /// nil leaves the recording to `prune`.
    package var retention: Retention?
    /// Regular expressions; what they match is recorded nowhere.
    package var redactions: [String] = []
    package var output = Output()
    /// Say nothing when all is well, else one report; one run at a time.
    package var cron = false
    /// Under `cron`: begin up to so much later.
    package var splay: Duration?
    /// Check the playbook, the options and the targets; connect nowhere.
    package var dryRun = false
    package var verbosity = Verbosity.normal
    /// Trace the protocol to standard error, secrets masked.
    package var tracesProtocol = false

    package static let defaultFanout = 64
    /// Limits of a run by the clock that names no others.
    package static let cronConnectingTimeout = Duration.milliseconds(30_000)
    package static let cronTargetLimit = Duration.seconds(3_600)

    package init(playbook: PlaybookSource) {
        self.playbook = playbook
    }
}

extension RunInvocation {
    /// What a step that is not ok does to its target's run.
    package enum ErrorAction: String, Sendable, Hashable, CaseIterable {
        case `continue` = "Continue"
        case stop = "Stop"
    }

    /// What happens when the recording can no longer be kept.
    package enum RecordFailurePolicy: String, Sendable, Hashable, CaseIterable {
        case stop
        case finishStep = "finish-step"
        case `continue`
    }

    package enum Verbosity: Sendable, Hashable {
        case quiet, normal, verbose
    }

    /// The clocks of a run; nil is unlimited.
    package struct Limits: Sendable, Hashable {
        package var step: Duration?
        package var target: Duration?
        package var run: Duration?
        /// From the Signal to the dropped session.
        package var grace = Duration.seconds(5)

        package init() {}
    }

    /// How lines become blocks.
    package struct Blocks: Sendable, Hashable {
        package enum Rule: String, Sendable, Hashable, CaseIterable {
            case powershell, incremental, console
        }

        package var rule = Rule.powershell
        /// The most lines of one block.
        package var maximumLines = 2_000

        package init() {}
    }

    /// Who answers the far side's prompts; nobody does by default, and each is refused.
    package struct Prompts: Sendable, Hashable {
        /// `REGEX=TEXT` of `--answer`, or `REGEX=FILE` of `--answer-secret`.
        package struct Answer: Sendable, Hashable {
            /// A regular expression that Swift's `Regex` takes, tried on caption, message and field.
            package var pattern: String
            /// The answer, or the path of the file that holds it.
            package var value: String

            package init(pattern: String, value: String) {
                self.pattern = pattern
                self.value = value
            }
        }

        /// In the order given; the first that matches answers.
        package var answers: [Answer] = []
        package var secretAnswers: [Answer] = []
        /// At a terminal, the person answers what no pattern matched.
        package var asksPerson = false

        package init() {}
    }

    /// What is printed, and where.
    package struct Output: Sendable, Hashable {
        package enum Format: String, Sendable, Hashable, CaseIterable {
            case text, json, jsonl, junit, nagios
        }

        package enum Color: String, Sendable, Hashable, CaseIterable {
            case auto, always, never
        }

        package var format = Format.text
        /// Written atomically; nil is standard output.
        package var file: String?
        package var color = Color.auto
        /// Several targets: print what comes as it comes, in place of folding it at the end.
        package var isLive = false
        /// Written atomically, for the node exporter; its name ends in `.prom`.
        package var metricsFile: String?

        package init() {}

        /// Whether arguments that cannot all be understood ask for `--format nagios`: who runs a plug-in sees its line alone.
        package static func isForPlugin(_ arguments: [String]) -> Bool {
            let words = arguments.map { $0.lowercased() }
            let isJoined = words.contains { ["--format=nagios", "--format:nagios"].contains($0) }
            return isJoined || zip(words, words.dropFirst()).contains { $0 == ("--format", "nagios") }
        }
    }
}
