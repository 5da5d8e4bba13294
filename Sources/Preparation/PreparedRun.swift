import CLinux
package import Configuration
import Connections
import Files
package import Fleet
import Glibc
package import PSRunCommandLine
package import Patterns
package import Playbooks
import RecordingFormat
import Sessions
package import Targets

/// A run that was checked: playbook, options and targets, before anything connects.
package struct PreparedRun: Sendable {
    package let invocation: RunInvocation
    package let playbook: Playbook
    package let playbookBytes: [UInt8]
    /// Each once; those of the run's shard, where it is one.
    package let targets: [RunTarget]
    package let division: ShardDivision
    /// Those that were named more than once.
    let duplicates: [TargetReader.Duplicate]
    /// What a user should know of inventories.
    let targetWarnings: [String]
    let answers: [AnswerRule]
    /// What kinds of targets have of their own; the first one's number is 1.
    let kinds: [PreparedKind]
    let settings: HostSettings
    /// Those that inventories have, by the names of their targets.
    let inventoryPasswords: [String: String]
    /// What is to be said of the patterns of `answers`.
    package let answerNotices = AnswerNotices()
    let password: SecretSources.Password
    let passphrase: String?
    /// Seconds since 1970, UTC: when the run began.
    package let startedSeconds = Int64(time(nil))
    /// Seconds since 1970, UTC, before which the recording must not be pruned.
    let retainUntilSeconds: Int64?
    let environment: [String: String]
    /// What a recorded run gives to this one; nil for a run that is no other's.
    let past: RecordedSource?
    /// The run's clock, from before anything was read.
    let clock = RunClock()

    /// Reads what has to be read, secrets first, which `mask` holds from then on: what is wrong with the rest may name them.
    /// Blocks for as long as files take.
    /// - Throws: CommandFailure, usage.
    /// - Parameter past: where playbook and targets are from, in place of `invocation`'s.
    package init(
        _ invocation: RunInvocation,
        _ settings: HostSettings = .none,
        environment: [String: String],
        mask: SecretMask,
        past: RecordedSource? = nil
    ) throws(CommandFailure) {
        self.past = past
        self.invocation = invocation
        self.settings = settings
        self.environment = environment
        let start = ContinuousClock.now
        let run = invocation.limits.run.map { ReadingPatience($0, from: start, name: "--run-timeout") }
        let connecting = invocation.connectingTimeout.map {
            ReadingPatience($0, from: start, name: "-ConnectingTimeout")
        }
        let secretPatience = ReadingPatience.first(of: [run, connecting])
        answers = try Self.answers(invocation.prompts, secretPatience, answerNotices)
        var secretFiles = SecretFiles(environment, secretPatience)
        password = try secretFiles.password(invocation.credentials)
        passphrase = try secretFiles.passphrase(invocation.credentials)
        for secret in Self.secrets(answers, secretFiles, environment) { mask.add(secret) }
        let patience = run ?? .standard
        let choicesOfKinds: [HostChoices]
        let selectedCount: Int
        if let past {
            selectedCount = past.targets.count
            inventoryPasswords = [:]
            choicesOfKinds = past.kinds
            (playbook, playbookBytes) = (past.playbook, past.playbookBytes)
            (targets, duplicates, targetWarnings) = (past.targets, [], [])
            division = try ShardDivision(nil, of: past.targets.map(\.name), environment: environment)
        } else {
            (playbook, playbookBytes) = try Self.playbook(invocation.playbook, patience)
            var warnings: [String] = []
            let named = try TargetReader.targets(
                of: invocation.targets,
                patience,
                playFolder: Self.playFolder(invocation.playbook),
                environment: environment,
                settings: settings
            ) { warnings.append($0) }
            targetWarnings = warnings
            let passwords = named.targets.compactMap { target in target.password.map { (target.name, $0) } }
            inventoryPasswords = Dictionary(passwords) { first, _ in first }
            for password in Set(inventoryPasswords.values) { mask.add(password) }
            let once = TargetReader.once(named.targets, invocation.targets)
            let all = once.targets.map(\.target)
            duplicates = once.duplicates
            selectedCount = all.count
            division = try ShardDivision(invocation.shard, of: all.map(\.name), environment: environment)
            targets = division.part(of: all)
            choicesOfKinds = named.kinds
        }
        var kinds: [PreparedKind] = []
        for choices in choicesOfKinds {
            let kind = try PreparedKind(choices, &secretFiles, general: invocation.credentials) {
                [answerNotices] (prompts) throws(CommandFailure) in
                try Self.answers(prompts, secretPatience, answerNotices)
            }
            for secret in Self.secrets(kind.answers, secretFiles, [:]) { mask.add(secret) }
            kinds.append(kind)
        }
        for secret in Self.secrets(ofHypervisors: targets, environment) { mask.add(secret) }
        self.kinds = kinds
        retainUntilSeconds = try Self.retention(invocation.retention, from: startedSeconds)
        if invocation.prompts.asksPerson, isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 {
            throw CommandFailure(.usage, "--ask needs a terminal; give --answer instead.")
        }
        if invocation.exitFromSession, selectedCount != 1 {
            throw CommandFailure(
                .usage,
                "--exit-from-session takes the exit code of one session, and there are \(selectedCount) targets."
            )
        }
    }

    /// Where the recording is, for the commands that come next; nil where the environment tells them as well.
    package var namedRecordings: String? {
        let folder = invocation.recordings
        return folder == environment["PSRUN_RECORDINGS"] ? nil : folder
    }

    /// The playbook's file name, without folder.
    package var playbookName: String { Self.fileName(invocation.playbook.name) }

    private static func playFolder(_ playbook: PlaybookSource) -> String {
        if case .file(let path) = playbook { FilePaths.parent(of: path) } else { "." }
    }

    private static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func playbook(
        _ source: PlaybookSource,
        _ patience: ReadingPatience
    ) throws(CommandFailure) -> (Playbook, [UInt8]) {
        let bytes: [UInt8] =
            switch source {
            case .file(let path): try contents(of: path, source, patience)
            case .standardInput: try contents(of: "/dev/stdin", source, patience)
            case .lines(let lines): Array(lines.map { $0 + "\n" }.joined().utf8)
            }
        do throws(PlaybookError) {
            return (try Playbook(bytes: bytes), bytes)
        } catch {
            throw CommandFailure(.usage, "\(source.name) is not a playbook: \(error.message).")
        }
    }

    private static func contents(
        of path: String,
        _ source: PlaybookSource,
        _ patience: ReadingPatience
    ) throws(CommandFailure) -> [UInt8] {
        do throws(FileFailure) {
            return try FileContents.read(path, limit: FileContents.textBytes, patience: patience)
        } catch {
            if case .file(let path) = source, let verb = MissingVerb(path) {
                throw CommandFailure(.usage, verb.message)
            }
            throw CommandFailure(
                error.exitCode,
                "The playbook \(source.name) cannot be read: \(error.reason). "
                    + "`psrun help` lists psrun's verbs and options."
            )
        }
    }

    private static func answers(
        _ prompts: RunInvocation.Prompts,
        _ patience: ReadingPatience,
        _ notices: AnswerNotices
    ) throws(CommandFailure) -> [AnswerRule] {
        var rules: [AnswerRule] = []
        for answer in prompts.answers {
            rules.append(try rule(answer.pattern, answer.value, isSecret: false, number: rules.count + 1, notices))
        }
        for (index, answer) in prompts.secretAnswers.enumerated() {
            let secret: String
            do throws(FileFailure) {
                secret = try FileContents.secret(answer.value, patience: patience)
            } catch {
                throw CommandFailure(error.exitCode, "--answer-secret \(answer.value) cannot be used: \(error.reason).")
            }
            rules.append(try rule(answer.pattern, secret, isSecret: true, number: index + 1, notices))
        }
        return rules
    }

    private static func rule(
        _ pattern: String,
        _ answer: String,
        isSecret: Bool,
        number: Int,
        _ notices: AnswerNotices
    ) throws(CommandFailure) -> AnswerRule {
        let option = isSecret ? "--answer-secret" : "--answer"
        do throws(PatternError) {
            let pattern = try AnswerPattern(pattern, of: "\(option) (number \(number))", notices)
            return AnswerRule(pattern: pattern, answer: answer, isSecret: isSecret)
        } catch {
            throw CommandFailure(.usage, "'\(pattern)' (\(option)) is not a regular expression: \(error.message).")
        }
    }

    private static func retention(_ retention: Retention?, from started: Int64) throws(CommandFailure) -> Int64? {
        switch retention {
        case nil: return nil
        case .duration(let seconds): return started + seconds
        case .moment(let text):
            guard let moment = UTCTime(text)?.secondsSince1970 else {
                throw CommandFailure(.usage, "--retain-until \(text) is not a valid day or time.")
            }
            guard moment > started else {
                throw CommandFailure(.usage, "--retain-until \(text) is already past.")
            }
            return moment
        }
    }

    /// What `--redact` names.
    package static func redactions(_ texts: [String]) throws(CommandFailure) -> [Pattern] {
        var patterns: [Pattern] = []
        for (index, text) in texts.enumerated() {
            do throws(PatternError) {
                patterns.append(try Pattern(text, options: .multiline))
            } catch {
                // A pattern may name the secret itself: it is not shown.
                let place = error.offset.map { ", byte \($0)" } ?? ""
                throw CommandFailure(
                    .usage,
                    "The pattern of --redact (number \(index + 1)\(place)) is not a regular expression: \(error.message)."
                )
            }
        }
        return patterns
    }
}
