import ConsoleText
import RecordingFormat
import RecordingSearch

/// A hit as a person reads it: run, target, step, time and line.
struct HitLine {
    private static let emphasis = (on: "\u{1B}[1;31m", off: "\u{1B}[0m")
    private static let quiet = (on: "\u{1B}[2m", off: "\u{1B}[0m")

    let text: String

    init(_ hit: SearchHit, colored: Bool) {
        let stream = [.console, .output].contains(hit.stream) ? "" : "\(hit.stream.rawValue): "
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
    var at: String {
        let seconds = startedSeconds.addingReportingOverflow(Int64(clamping: time / 1_000_000_000)).partialValue
        return UTCTime(secondsSince1970: seconds).extended
    }

    /// By the names of the machine-readable result.
    var json: JSONValue {
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
