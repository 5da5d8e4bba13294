import ConsoleText
import PSRunCommandLine
import Patterns
import Recording
import RecordingFormat
import RecordingSearch
import Synchronization

/// What a search prints, and how it ends. One thread at a time reports to it.
final class SearchReport: Sendable {
    private struct State {
        var hits = 0
        var isWhole = true
        /// Nobody reads what is written any more.
        var isOver = false
        /// Entries that were said to be damaged, by run and number.
        var damaged: Set<String> = []
    }

    private let format: ListInvocation.Format
    private let console: VerbConsole
    private let state = Mutex(State())

    init(format: ListInvocation.Format, console: VerbConsole) {
        self.format = format
        self.console = console
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    var exitCode: ExitCode {
        state.withLock { state in
            !state.isWhole ? .recordingNotWhole : state.hits > 0 ? .allWell : .notAllWell
        }
    }

    /// - Returns: false where nobody reads it any more.
    func show(_ hit: SearchHit) -> Bool {
        if hit.isDamaged { warn(ofDamageIn: hit) }
        let text =
            switch format {
            case .text: HitLine(hit, colored: console.colored).text
            case .json: String(decoding: hit.json.compact, as: UTF8.self)
            }
        let isRead = console.write(text + "\n")
        state.withLock { state in
            state.hits += 1
            if !isRead { state.isOver = true }
        }
        return isRead
    }

    /// What could not be searched, or not to its end.
    /// - Returns: whether the search can go on.
    func complain(_ failure: SearchFailure) -> Bool {
        switch failure {
        case .recording(let error, _):
            complain(error)
            return true
        case .pattern(let error, let run, let target):
            state.withLock { $0.isWhole = false }
            warn(
                "not searched to its end: the pattern cannot be matched against a line of \(target) in \(run): "
                    + "\(error.message)."
            )
            return true
        }
    }

    /// A run or a part of it that cannot be searched.
    func complain(_ error: RecordingError) {
        state.withLock { $0.isWhole = false }
        warn("not searched: \(error.message)")
    }

    private func warn(ofDamageIn hit: SearchHit) {
        let isNew = state.withLock { state in
            state.isWhole = false
            return state.damaged.insert("\(hit.run) \(hit.entry)").inserted
        }
        guard isNew else { return }
        warn(
            "\(hit.target) in \(hit.run) is not what was sealed: do not trust what was found there. psrun verify says more."
        )
    }

    private func warn(_ message: String) {
        console.warn("psrun: \(TerminalText.presentable(message, colored: false))")
    }
}

/// A hit as a person reads it: run, target, step, time and line.
struct HitLine {
    private static let emphasis = (on: "\u{1B}[1;31m", off: "\u{1B}[0m")
    private static let quiet = (on: "\u{1B}[2m", off: "\u{1B}[0m")

    let text: String

    init(_ hit: SearchHit, colored: Bool) {
        let stream = hit.stream == .console ? "" : "\(hit.stream.rawValue): "
        let place =
            [hit.run, hit.target, hit.step ?? "no step", "\(hit.at) (+\(Self.seconds(hit.time)) s)"]
            .map { TerminalText.presentable($0, colored: false) }.joined(separator: "  ")
        let line = Self.line(hit, colored: colored)
        text = (colored ? Self.quiet.on + place + Self.quiet.off : place) + "  " + stream + line
    }

    /// The line's text, its matches emphasised; nothing in it reaches the terminal but text.
    private static func line(_ hit: SearchHit, colored: Bool) -> String {
        guard colored else { return TerminalText.presentable(hit.text, colored: false) }
        let bytes = Array(hit.text.utf8)
        func part(_ range: Range<Int>) -> String {
            TerminalText.presentable(String(decoding: bytes[range], as: UTF8.self), colored: false)
        }
        var line = ""
        var end = 0
        for match in hit.matches where !match.isEmpty && match.lowerBound >= end && match.upperBound <= bytes.count {
            line += part(end..<match.lowerBound) + emphasis.on + part(match) + emphasis.off
            end = match.upperBound
        }
        return line + part(end..<bytes.count)
    }

    /// `12.345`.
    private static func seconds(_ nanoseconds: UInt64) -> String {
        let digits = String(nanoseconds / 1_000_000 % 1_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

extension SearchHit {
    /// When it was on the screen, to the second: UTC.
    fileprivate var at: String {
        let seconds = startedSeconds.addingReportingOverflow(Int64(clamping: time / 1_000_000_000)).partialValue
        return UTCTime(secondsSince1970: seconds).extended
    }

    /// By the names of the machine-readable result.
    fileprivate var json: JSONValue {
        .record([
            .run: .string(run),
            .target: .string(target),
            .entry: .integer(Int64(entry)),
            .step: step.map { name in
                .record([
                    .name: .string(name), .firstLine: .optional(StepMarker.firstLine(in: name)),
                    .text: .optional(stepText),
                ])
            } ?? .null,
            .stream: .string(stream.rawValue),
            .at: .string(at),
            .timeMicroseconds: .integer(Int64(clamping: time / 1_000)),
            .text: .string(text),
            .matches: .array(matches.map { match in .string(matched(match)) }),
            .damaged: .bool(isDamaged),
        ])
    }

    private func matched(_ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range.clamped(to: 0..<text.utf8.count)], as: UTF8.self)
    }
}
