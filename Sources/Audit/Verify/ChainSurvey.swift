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

    /// No line of psrun's is longer; a longer one is not read any further.
    private static let lineBytes = 1 << 20
    private static let pieceBytes = 1 << 20
    /// So many broken lines are told of.
    private static let toldFaults = 10

    private let wanted: Set<String>
    private var faults = 0

    /// - Parameter heads: the hashes of lines that are to be found.
    /// - Throws: where the file cannot be read.
    init(of folder: String, heads: Set<String>) throws(SystemError) {
        wanted = heads
        let file = try File("\(folder)/\(RecordedFiles.chain)", O_RDONLY)
        var rest: [UInt8] = []
        var place: UInt64 = 0
        while case let piece = try file.read(Self.pieceBytes, at: place), !piece.isEmpty {
            place += UInt64(piece.count)
            rest += piece
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                take(rest[start..<end])
                start = end + 1
            }
            rest.removeFirst(start)
            guard rest.count <= Self.lineBytes else {
                add(.chainBroken, "line \(lines + 1) is longer than any line of a chain; what follows is not read")
                return
            }
        }
        if !rest.isEmpty {
            let message = "\(rest.count) bytes after line \(lines) have no line end: a writer was cut off there"
            findings.append(Finding(.chainCut, .incomplete, member: RecordedFiles.chain, message))
        }
        if faults > Self.toldFaults { add(.chainBroken, "\(faults - Self.toldFaults) more lines are broken") }
    }

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
            break
        }
    }

    private mutating func fault(_ what: String) {
        faults += 1
        if faults <= Self.toldFaults { add(.chainBroken, "line \(lines) \(what)") }
    }

    private mutating func add(_ code: Finding.Code, _ message: String) {
        findings.append(Finding(code, member: RecordedFiles.chain, message))
    }
}
