import Audit
import ConsoleText
import Glibc
import PSRunCommandLine
import Preparation
import Processes
import Recording
import Reports
import SystemErrors
import Terminals

/// What the verbs on recordings read and write; a test puts its own in place of the process's.
package struct VerbConsole: Sendable {
    package var environment: [String: String]
    /// Whether standard output is a terminal.
    package var isTerminal: Bool
    /// Whether a person is at the terminal, who can press keys.
    package var isInteractive = false
    /// Writes to standard output; false where nobody reads it any more.
    package var write: @Sendable (String) -> Bool
    /// The same for what need not be text.
    package var writeBytes: @Sendable ([UInt8]) -> Bool
    /// Why something could not be written to standard output; 0 where all was.
    package var failure: @Sendable () -> Int32 = { 0 }
    /// Writes a line to standard error.
    package var warn: @Sendable (String) -> Void
    /// Blocks until so many nanoseconds have passed since the replay began.
    package var pause: @Sendable (_ until: UInt64) -> Void

    package init(
        environment: [String: String],
        isTerminal: Bool,
        write: @escaping @Sendable (String) -> Bool,
        warn: @escaping @Sendable (String) -> Void,
        pause: @escaping @Sendable (_ until: UInt64) -> Void
    ) {
        self.environment = environment
        self.isTerminal = isTerminal
        self.write = write
        writeBytes = { write(String(decoding: $0, as: UTF8.self)) }
        self.warn = warn
        self.pause = pause
    }

    /// The process's own.
    package static func ofThisProcess() -> VerbConsole {
        let began = ContinuousClock.now
        let output = StandardOutput()
        var console = VerbConsole(
            environment: ThisProcess.environment,
            isTerminal: isatty(STDOUT_FILENO) == 1,
            write: { output.write(Array($0.utf8)) },
            warn: { _ = ThisProcess.write($0 + "\n", to: STDERR_FILENO) },
            pause: { until in
                var rest = Duration.nanoseconds(until) - (ContinuousClock.now - began)
                while rest > .zero {
                    let (seconds, attoseconds) = rest.components
                    var time = timespec(tv_sec: time_t(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
                    nanosleep(&time, nil)
                    rest = Duration.nanoseconds(until) - (ContinuousClock.now - began)
                }
            }
        )
        console.writeBytes = { output.write($0) }
        console.failure = { output.failure }
        console.isInteractive =
            console.isTerminal && isatty(STDIN_FILENO) == 1 && console.environment["TERM"] != "dumb"
        return console
    }

    /// Whether SGR colours are kept: at a terminal, unless NO_COLOR says otherwise (no-color.org).
    var colored: Bool {
        isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Where a report goes that is told piece by piece.
    var reportOutput: ReportOutput {
        ReportOutput(isColored: colored, write: write, warn: warn)
    }

    /// Says which names of runs are not runs here.
    func warn(ofLinksIn store: RunStore) {
        for name in (try? store.links()) ?? [] {
            warn("psrun: \(name) is a link, and not a run's folder: it is left alone.")
        }
    }

    /// Whether readings are noted, as far as the environment says.
    var keepsAccessLog: Bool { (environment["PSRUN_NO_ACCESS_LOG"] ?? "").isEmpty }

    /// Notes in the chain what is about to be read.
    func noteReading(_ runs: [AccessLog.Reading], _ what: String) async throws(RecordingError) {
        guard keepsAccessLog else { return }
        warn(ofUnnoted: try await AccessLog.append(reading: runs, what: what))
    }

    /// Says which readings are not noted.
    func warn(ofUnnoted folders: [String]) {
        guard let first = folders.first else { return }
        let more = folders.count > 1 ? " and \(folders.count - 1) more" : ""
        let text =
            "this reading is not noted: the chain beside \(first)\(more) does not tell of such a run. `psrun verify` says more."
        warn("psrun: \(TerminalText.presentable(text, colored: false))")
    }

    /// Says sentences of psrun's own, a line each.
    func say(_ sentences: [String]) {
        for sentence in sentences { warn("psrun: \(TerminalText.presentable(sentence, colored: false))") }
    }

    /// Says what went wrong, and how the program ends for it.
    func fail(_ error: RecordingError) -> Int32 {
        warn("psrun: \(TerminalText.presentable(error.message, colored: false))")
        return error.exitCode.number
    }
}

extension VerbConsole {
    /// Why not all output is where it should be; nil where it is, and where nobody wants the rest of it.
    var shortcoming: String? {
        let code = failure()
        return code == 0 || code == EPIPE ? nil : "standard output cannot be written: \(describe(errno: code))."
    }

    /// How a verb ends: what it has not told is not well, and said.
    package func ending(_ status: Int32) -> Int32 {
        guard let shortcoming else { return status }
        warn("psrun: \(shortcoming)")
        let isWorse = [ExitCode.allWell, .recordingNotWhole].map(\.number).contains(status)
        return isWorse ? ExitCode.notAllWell.number : status
    }
}
