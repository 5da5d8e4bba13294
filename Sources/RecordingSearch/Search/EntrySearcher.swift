import Patterns
import RecordingFormat

/// Searches one entry after the other on one thread. Lines that cannot hold a match are passed over as they lie in the
/// archive: those without any of the literals that the pattern must have, that are not a part of a longer line, and have
/// no control sequence that could stand in a word.
final class EntrySearcher {
    /// A line with a match, still without the names of its run and target.
    struct Found {
        var stream: SearchStream
        var time: UInt64
        var step: (marker: String, input: String?)?
        var text: HitText
    }

    /// What stands before the lines of psrun's own words in a console.
    private static let ownLeads = ["psrun: ", "  "].map { Array($0.utf8) }
    private static let escape = Array("\\u001b".utf8)

    private let query: SearchQuery
    private let matcher: PatternMatcher
    private let literals: LiteralFinder?
    private let escapes = LiteralFinder([escape])
    /// The stream of the console's text that is searched; nil where none is. All of it holds the output as well.
    private let consoleStream: SearchStream?
    private var console = ConsoleLines()
    private var echo = EchoFilter()
    private var steps = SessionSteps()
    private var header: [UInt8] = []
    private var text: [UInt8] = []
    private var found: [Found] = []
    /// Lines found outside of any step, as the console has them: what psrun said there is not told again.
    private var toldByConsole: Set<[UInt8]> = []

    init(_ query: SearchQuery) {
        self.query = query
        matcher = PatternMatcher(query.pattern)
        consoleStream = [SearchStream.console, .output].first(where: query.streams.contains)
        let plain = query.pattern.requiredLiterals.map(Self.unescapedPart)
        literals =
            plain.isEmpty || plain.contains([])
            ? nil : LiteralFinder(plain, ignoreCase: query.pattern.options.contains(.ignoreCase))
    }

    /// When the entry began, in seconds since 1970, UTC, by its header.
    var startedSeconds: Int64 {
        guard case .header(let header) = try? CastLine(decoding: header[...], number: 1) else { return 0 }
        return header.startedSeconds
    }

    /// A new entry begins.
    func begin() {
        console = ConsoleLines()
        echo = EchoFilter()
        steps.removeAll()
        header.removeAll(keepingCapacity: true)
        found = []
        toldByConsole = []
    }

    /// Takes whole lines of the entry, the first with its header.
    func search(_ raw: UnsafeRawBufferPointer) throws(PatternError) {
        var start = 0
        if header.isEmpty {
            let end = raw.firstOffset(of: 0x0A, from: 0) ?? raw.count
            header.append(contentsOf: raw[..<end])
            start = end + 1
        }
        var nextLiteral = literals.map { $0.first(in: raw, from: start) ?? raw.count } ?? 0
        var nextEscape = escapes.first(in: raw, from: start) ?? raw.count
        while start < raw.count {
            let end = raw.firstOffset(of: 0x0A, from: start) ?? raw.count
            let isWanted = nextLiteral < end || nextEscape < end || console.isOpen || !Self.endsLine(raw, end)
            if isWanted || consoleStream == .output && echo.wants(raw, start..<end) {
                try search(line: UnsafeRawBufferPointer(rebasing: raw[start..<end]), isWanted: isWanted)
                if let literals, nextLiteral < end { nextLiteral = literals.first(in: raw, from: end) ?? raw.count }
                if nextEscape < end { nextEscape = escapes.first(in: raw, from: end) ?? raw.count }
            }
            start = end + 1
        }
    }

    /// Takes an event as a journal has it.
    func search(code: RecordedCode, time: UInt64, data: some Collection<UInt8>) throws(PatternError) {
        var line: [UInt8] = []
        CastEncoder.append(time: time, code: code, text: data, to: &line)
        try search(line: line[..<(line.count - 1)])
    }

    /// The entry ends.
    func finish() throws(PatternError) {
        if let held = echo.release() { try receive(held) }
        try endConsoleLine()
    }

    private func endConsoleLine() throws(PatternError) {
        try console.finish { (line) throws(PatternError) in try match(line, consoleStream ?? .console) }
    }

    private func receive(_ shown: EchoFilter.Shown) throws(PatternError) {
        try console.receive(shown.text, time: shown.time, step: shown.step) { (line) throws(PatternError) in
            try match(line, consoleStream ?? .console)
        }
    }

    /// What was found since the last call.
    func takeFound() -> [Found] {
        defer { found = [] }
        return found
    }

    // MARK: Lines

    /// Whether the event's text behind which `end` is ends with a line end. A backslash before could be a backslash's.
    private static func endsLine(_ raw: UnsafeRawBufferPointer, _ end: Int) -> Bool {
        end >= 5 && raw[end - 1] == 0x5D && raw[end - 2] == 0x22 && raw[end - 3] == 0x6E && raw[end - 4] == 0x5C
            && raw[end - 5] != 0x5C
    }

    private func search(line: ArraySlice<UInt8>) throws(PatternError) {
        let result: Result<Void, PatternError> = line.withUnsafeBytes { raw in
            do throws(PatternError) { return .success(try search(line: raw)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// - Parameter isWanted: whether it can hold a match; of an output that cannot, only its place among the others counts.
    private func search(line: UnsafeRawBufferPointer, isWanted: Bool = true) throws(PatternError) {
        guard let event = RawEvent(line) else { return }
        if consoleStream == .output {
            switch echo.take(event.code) {
            case .nothing: break
            case .release(let held): try receive(held)
            case .drop: try endConsoleLine()
            }
        }
        switch event.code {
        case .marker: steps.begin(event.data.bytes, isForgetting: !console.isOpen)
        case .input: steps.take(input: event.data.bytes)
        case .step: steps.end()
        default: break
        }
        if event.code == .output {
            if let consoleStream { try search(shown: event, consoleStream, isWanted: isWanted) }
        } else if let stream = SearchStream(event.code), query.streams.contains(stream) {
            text.removeAll(keepingCapacity: true)
            event.data.append(to: &text)
            if stream == .connection, query.asksForAnswers, RecordedLead.isOwn(text) { return }
            for line in EventText.lines(of: text, stream) {
                try match(TextLine(text: line, time: event.time, step: steps.current), stream)
            }
        }
    }

    private func search(shown event: RawEvent, _ stream: SearchStream, isWanted: Bool) throws(PatternError) {
        guard isWanted || console.isOpen else { return }
        var shown = EchoFilter.Shown(text: [], time: event.time, step: steps.current)
        event.data.append(to: &shown.text)
        guard stream == .output else { return try receive(shown) }
        if !echo.hold(shown) { try endConsoleLine() }
    }

    private func match(_ line: TextLine, _ stream: SearchStream) throws(PatternError) {
        guard let first = try matcher.firstMatch(in: line.text) else { return }
        let part = line.part(endingAt: first.upperBound)
        switch stream {
        case .console, .output: if part.step == nil { toldByConsole.insert(line.text) }
        case .session where Self.ownLeads.contains(where: { toldByConsole.contains($0 + line.text) }): return
        default: break
        }
        found.append(
            Found(
                stream: stream,
                time: part.time,
                step: part.step.map(steps.names),
                text: try HitText(line.text, first: first, by: matcher)
            )
        )
    }

    /// The longest part of a literal that stands in an archive as it is, in a JSON string within a JSON string, too.
    private static func unescapedPart(_ literal: [UInt8]) -> [UInt8] {
        var longest: ArraySlice<UInt8> = []
        var start = 0
        var position = 0
        while position < literal.count {
            let length =
                switch literal[position] {
                case 0..<0x20, 0x22, 0x5C, 0x7F: 1
                case 0xC2: 2
                case 0xE2: 3
                default: 0
                }
            position += max(length, 1)
            if length > 0 { start = min(position, literal.count) }
            let part = literal[start..<max(start, min(position, literal.count))]
            if part.count > longest.count { longest = part }
        }
        return Array(longest)
    }
}
