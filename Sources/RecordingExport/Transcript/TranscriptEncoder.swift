import ConsoleText
package import RecordingFormat

/// Text in the layout of Start-Transcript -IncludeInvocationHeader: a transcript for each session, its head, a block for
/// each command, what the console showed, its foot. Times are UTC. What psrun cannot know is left out of the head, as it is
/// where PowerShell writes its minimal one.
///
/// Control sequences of the far side are shown escaped and colours left out: the text may go to a terminal.
package struct TranscriptEncoder: RecordingEncoder {
    private static let rule = "**********************\n"
    private var run = ExportedRun(name: "")
    private var session = ExportedSession(number: 1, target: "")
    private var header: EntryHeader?
    private var hasBegun = false
    private var protocolVersion: Substring?
    private var lastTime: UInt64 = 0
    private var isAtLineStart = true
    private var ending = SessionEnding()

    package init() {}

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        self.run = run
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        self.session = session
        header = nil
        hasBegun = false
        protocolVersion = nil
        lastTime = 0
        isAtLineStart = true
        ending = SessionEnding()
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        switch try CastLine(decoding: line, number: number) {
        case .header(let header): self.header = header
        case .event(let event): take(event, to: &bytes)
        case .other: break
        }
    }

    package mutating func endSession(to bytes: inout [UInt8]) {
        beginBody(to: &bytes)
        endLine(to: &bytes)
        bytes += "\(Self.rule)PowerShell transcript end\nEnd time: \(clock(lastTime))\n\(Self.rule)".utf8
    }

    private mutating func take(_ event: RecordedEvent, to bytes: inout [UInt8]) {
        lastTime = max(lastTime, event.time)
        ending.take(event)
        switch event.code {
        case .connection where !hasBegun:
            protocolVersion = RecordedLead.protocolVersion(in: event.data) ?? protocolVersion
        case .marker:
            beginBody(to: &bytes)
            endLine(to: &bytes)
            bytes += "\(Self.rule)Command start time: \(clock(event.time))\n\(Self.rule)".utf8
        case .output:
            beginBody(to: &bytes)
            let text = TerminalText.presentable(event.data, colored: false)
            guard let last = text.utf8.last else { return }
            bytes += text.utf8
            isAtLineStart = last == 0x0A
        case .exit:
            beginBody(to: &bytes)
            say(event, to: &bytes)
        default: break
        }
    }

    private mutating func beginBody(to bytes: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        var lines = ["PowerShell transcript start", "Start time: \(clock(0))", "Machine: \(session.target)"]
        if let version = run.version {
            lines.append("Host Application: psrun \(version)" + (run.playbookName.map { " \($0)" } ?? ""))
        }
        if let protocolVersion { lines.append("PSRemotingProtocolVersion: \(protocolVersion)") }
        bytes += Self.rule.utf8
        for line in lines { bytes += (Self.onOneLine(line) + "\n").utf8 }
        bytes += Self.rule.utf8
        bytes += "Transcript started, output file is \(Self.onOneLine(run.name))\n".utf8
    }

    /// Why a session is not whole, where a console would have said so.
    private mutating func say(_ exit: RecordedEvent, to bytes: inout [UInt8]) {
        let result = TargetRecord(parsing: exit.data.utf8) ?? TargetRecord()
        var lines = ending.lastWords(of: result).map { "psrun: \($0)" }
        if result.isTruncated { lines.append("psrun: this session's recording is cut off") }
        guard !lines.isEmpty else { return }
        endLine(to: &bytes)
        for line in lines { bytes += (Self.onOneLine(line) + "\n").utf8 }
    }

    private mutating func endLine(to bytes: inout [UInt8]) {
        if !isAtLineStart { bytes.append(0x0A) }
        isAtLineStart = true
    }

    /// `20261122170045`, UTC.
    private func clock(_ time: UInt64) -> String {
        // A header may tell any time.
        let seconds = (header?.startedSeconds ?? 0).addingReportingOverflow(Int64(time / 1_000_000_000)).partialValue
        return UTCTime(secondsSince1970: seconds).compact.filter { $0 != "T" && $0 != "Z" }
    }

    private static func onOneLine(_ text: String) -> String {
        TerminalText.presentable(text.split(whereSeparator: \.isNewline).joined(separator: " "), colored: false)
    }
}
