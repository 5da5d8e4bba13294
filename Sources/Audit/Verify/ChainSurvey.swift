import Files
import Glibc
import Recording
import RecordingFormat
import SystemErrors

/// `chain.log`, read once from its first line to its last: what it says of runs, and whether each line follows from the
/// one before. Holds a line at a time, and what concerns runs.
struct ChainSurvey: Sendable {
    /// A line on a run's seal or prune.
    struct Link: Sendable, Hashable {
        let line: ChainLine
        /// The run that was sealed last before it.
        let previous: PreviousRun?
    }

    private(set) var runs: [String: Link] = [:]
    private(set) var prunes: [String: Link] = [:]
    /// The runs in the order of their seals.
    private(set) var order: [String] = []
    private(set) var lines = 0
    /// SHA-256 of the last line.
    private(set) var head = Chain.emptyHead
    /// On which line each of the heads that were asked for is.
    private(set) var places: [String: Int] = [:]
    private(set) var findings: [Finding] = []

    /// Lines on readings of runs that no line before them seals, or not with that manifest.
    private var strayReadings = 0

    private static let lineBytes = RecordingBound.chainLine.bytes
    private static let pieceBytes = 1 << 20
    /// So many stretches of broken lines are told of.
    private static let toldFaults = 10
    /// How often a line that is being written is waited for, and how long each time, in microseconds.
    private static let writerWaits = 400
    private static let writerWait: UInt32 = 5_000

    private let wanted: Set<String>
    private var faults = ChainFaults()

    /// - Parameter heads: the hashes of lines that are to be found.
    /// - Throws: where the file cannot be read.
    init(of folder: String, heads: Set<String>) throws(SystemError) {
        wanted = heads
        let file = try File("\(folder)/\(RecordedFiles.chain)", O_RDONLY)
        var rest: [UInt8] = []
        var place: UInt64 = 0
        var waits = 0
        while true {
            let piece = try file.read(Self.pieceBytes, at: place)
            guard !piece.isEmpty else {
                // A line without its end may still be on its way.
                let isWritten = try file.isLocked
                let size = try file.size
                guard !rest.isEmpty, waits < Self.writerWaits, isWritten || size > place else { break }
                waits += 1
                usleep(Self.writerWait)
                continue
            }
            place += UInt64(piece.count)
            guard place <= RecordingBound.chain.limit else { throw SystemError("read", file.path, EFBIG) }
            rest += piece
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                take(rest[start..<end])
                start = end + 1
            }
            rest.removeFirst(start)
            guard rest.count <= Self.lineBytes else {
                tellFaults()
                add(.chainBroken, "line \(lines + 1) is longer than any line of a chain; what follows is not read")
                return
            }
        }
        tellFaults()
        if !rest.isEmpty {
            let message = "\(rest.count) bytes after line \(lines) have no line end: a writer was cut off there"
            findings.append(Finding(.chainCut, .incomplete, member: RecordedFiles.chain, message))
        }
        if strayReadings > 0 {
            let count = strayReadings == 1 ? "1 line tells" : "\(strayReadings) lines tell"
            let message = "\(count) of the reading of a run that no line before seals as it was read"
            findings.append(Finding(.accessUnknown, .note, member: RecordedFiles.chain, message))
        }
    }

    /// What this chain says of a run, to be compared with what another reading of it said.
    func links(of run: String) -> [Link?] { [runs[run], prunes[run]] }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        lines += 1
        let hash = hexadecimal(sha256(Array(bytes)))
        defer {
            head = hash
            if wanted.contains(hash) { places[hash] = lines }
        }
        guard let line = ChainLine(bytes) else { return fault("is not a line of a chain") }
        if line.number != lines { fault("has the number \(line.number)") }
        if line.previous != head { fault("does not name the hash of the line before it") }
        guard RunName.isFolder(line.event.run) else { return fault("names no run") }
        switch line.event.kind {
        case .run:
            let last = order.last.flatMap { runs[$0] }
            let previous = last.map { PreviousRun(run: $0.line.event.run, manifestHash: $0.line.event.value) }
            guard runs[line.event.run] == nil else { return fault("seals \(line.event.run) a second time") }
            order.append(line.event.run)
            runs[line.event.run] = Link(line: line, previous: previous)
        case .prune:
            guard prunes[line.event.run] == nil else { return fault("prunes \(line.event.run) a second time") }
            if runs[line.event.run] == nil { fault("prunes \(line.event.run), but no line before it seals that run") }
            prunes[line.event.run] = Link(line: line, previous: nil)
        case .access:
            if runs[line.event.run]?.line.event.value != line.event.value { strayReadings += 1 }
        }
    }

    private mutating func fault(_ what: String) {
        faults.add(line: lines, what)
    }

    private mutating func tellFaults() {
        let told = faults.told
        for message in told.prefix(Self.toldFaults) { add(.chainBroken, message) }
        if told.count > Self.toldFaults {
            add(.chainBroken, "more lines are not what was chained, in \(told.count - Self.toldFaults) other places")
        }
    }

    private mutating func add(_ code: Finding.Code, _ message: String) {
        findings.append(Finding(code, member: RecordedFiles.chain, message))
    }
}

/// What is wrong with lines of a chain. One line that is gone makes all behind it wrong: neighbours are told of together.
private struct ChainFaults: Sendable {
    private var stretches: [(lines: ClosedRange<Int>, first: String)] = []

    mutating func add(line: Int, _ what: String) {
        guard let last = stretches.last, last.lines.upperBound >= line - 1 else {
            return stretches.append((line...line, what))
        }
        stretches[stretches.count - 1].lines = last.lines.lowerBound...line
    }

    var told: [String] {
        stretches.map { lines, first in
            lines.count == 1
                ? "line \(lines.lowerBound) \(first)"
                : "lines \(lines.lowerBound) to \(lines.upperBound) are not what was chained: line "
                    + "\(lines.lowerBound) \(first)"
        }
    }
}
