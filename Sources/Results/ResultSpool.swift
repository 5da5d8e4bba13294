import Files
import Synchronization
import SystemErrors

/// Where a run's results wait to be written: what is more than a little lies in a file that has no name.
final class ResultSpool: Sendable {
    /// What a file has no room for stays in memory.
    fileprivate enum Part: Sendable {
        case held([UInt8])
        case filed(SpoolFile.Extent)
    }

    private enum State {
        case unused
        case open(SpoolFile)
        /// There is no place for it.
        case failed
    }

    private let folders: [String]
    private let state = Mutex(State.unused)
    private let isDamaged = Atomic(false)

    /// Whether something of it could not be read back.
    var hasLost: Bool { isDamaged.load(ordering: .acquiring) }

    /// /var/tmp is on a disk where /tmp is memory (file-hierarchy(7)).
    init(environment: [String: String]) {
        folders = [environment["TMPDIR"], "/var/tmp", "/tmp"].compactMap { $0.flatMap { $0.isEmpty ? nil : $0 } }
    }

    fileprivate func file(_ bytes: [UInt8]) -> Part {
        guard let spool, let extent = try? spool.append(bytes) else { return .held(bytes) }
        return .filed(extent)
    }

    /// What a part was; nothing where it cannot be read any more.
    fileprivate func bytes(of part: Part) -> [UInt8] {
        switch part {
        case .held(let bytes): return bytes
        case .filed(let extent):
            if let bytes = spool.flatMap({ try? $0.read(extent) }), bytes.count == extent.length { return bytes }
            isDamaged.store(true, ordering: .releasing)
            return []
        }
    }

    private var spool: SpoolFile? {
        state.withLock { state in
            if case .unused = state { state = (try? SpoolFile(in: folders)).map { .open($0) } ?? .failed }
            if case .open(let file) = state { return file }
            return nil
        }
    }
}

/// Bytes of a result, in order: the end of them in memory, the rest in the spool.
struct SpooledBytes: Sendable {
    /// So much is held before it goes to the spool, of what is written to often.
    static let heldBytes = 64 << 10
    /// And so much is read back at a time.
    private static let partBytes = 256 << 10

    private let spool: ResultSpool
    private let heldBytes: Int
    private var parts: [ResultSpool.Part] = []
    private var held: [UInt8] = []
    private(set) var count = 0

    init(_ spool: ResultSpool, heldBytes: Int = Self.heldBytes) {
        self.spool = spool
        self.heldBytes = heldBytes
    }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        count += bytes.count
        while held.count + rest.count >= heldBytes {
            let piece = rest.prefix(Self.partBytes)
            rest = rest.dropFirst(Self.partBytes)
            held += piece
            parts.append(spool.file(held))
            held = []
        }
        held += rest
    }

    /// All of them, piece by piece, up to nil; to be taken once.
    func source() -> @Sendable () -> [UInt8]? {
        let spool = spool
        let left = PartsLeft(parts + [.held(held)])
        return { left.next().map { spool.bytes(of: $0) } }
    }
}

private final class PartsLeft: Sendable {
    private let parts: Mutex<ArraySlice<ResultSpool.Part>>

    init(_ parts: [ResultSpool.Part]) {
        self.parts = Mutex(parts[...])
    }

    func next() -> ResultSpool.Part? { parts.withLock { $0.popFirst() } }
}
