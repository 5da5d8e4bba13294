package import RecordingFormat

/// Sessions in the form in which a page of many holds them: compressed, some of them together, each decoded when it is
/// opened.
package struct PackedSessions: Sendable {
    /// Where a session's steps are.
    struct Place: Sendable, Hashable {
        var pack: Int
        var index: Int
    }

    /// Base64 of gzip of a JSON array: of each session an array of its steps' nodes (`PageNode`).
    package internal(set) var packs: [[UInt8]] = []
    var places: [Int: Place] = [:]
    /// The entries' own hashes, by the session's number.
    var hashes: [Int: String] = [:]
    /// The letters of all streams that are in them.
    var streams: Set<String> = []
    /// Outputs that were left out, and how many bytes they have.
    package internal(set) var outputsLeftOut = 0
    package internal(set) var bytesLeftOut = 0

    package var byteCount: Int { packs.reduce(0) { $0 + $1.count + 64 } }

    package func contains(_ session: ExportedSession) -> Bool { places[session.number] != nil }
}

/// Packs sessions one after the other, as far as there is room.
package struct SessionPacker {
    /// Bytes of JSON that are compressed together: what hosts have in common is there once, and one is soon decoded.
    private static let packBytes = 256 << 10

    package private(set) var packed = PackedSessions()
    /// Whether something had no place: what follows is only measured.
    package private(set) var isFull = false
    package private(set) var sizes = OutputSizes()
    private let room: Int
    private let mostOutput: Int
    private let compress: CompressFunction
    private var used = 0
    private var steps = PageSteps(session: ExportedSession(number: 0, target: ""))
    private var json: [UInt8] = []
    private var hasStep = false
    private var streams: Set<String> = []
    private var waiting: [(number: Int, hash: String?, leftOut: [Int])] = []

    /// - Parameters:
    ///   - room: bytes that the packs may have.
    ///   - mostOutput: bytes of one step's output; a longer one is left out, with a word.
    package init(room: Int, mostOutput: Int, compress: @escaping CompressFunction) {
        self.room = room
        self.mostOutput = mostOutput
        self.compress = compress
    }

    package mutating func begin(_ summary: SessionSummary) {
        steps = PageSteps(
            session: summary.session,
            isUnsent: summary.unsentLines != nil,
            mostOutput: mostOutput
        )
        json.append(json.isEmpty ? 0x5B : 0x2C)
        json.append(0x5B)
        hasStep = false
    }

    package mutating func encode(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        append(steps.take(event))
    }

    package mutating func endSession() throws {
        append(steps.finish())
        json.append(0x5D)
        streams.formUnion(steps.streams)
        waiting.append((steps.session.number, steps.hash, steps.leftOut))
        for size in steps.outputs { sizes.add(size) }
        if json.count >= Self.packBytes { try flush() }
    }

    /// After the last session.
    package mutating func finish() throws { try flush() }

    private mutating func append(_ node: PageNode?) {
        guard let node else { return }
        if hasStep { json.append(0x2C) }
        hasStep = true
        node.append(json: &json)
    }

    private mutating func flush() throws {
        guard !json.isEmpty else { return }
        json.append(0x5D)
        sizes.add(raw: json.count)
        defer {
            json.removeAll(keepingCapacity: true)
            waiting = []
        }
        guard !isFull else { return }
        let pack = Base64.bytes(try compress(json))
        sizes.add(compressed: pack.count, of: json.count)
        guard used + pack.count <= room else {
            isFull = true
            return
        }
        used += pack.count
        packed.streams.formUnion(streams)
        for (index, session) in waiting.enumerated() {
            packed.places[session.number] = PackedSessions.Place(pack: packed.packs.count, index: index)
            packed.hashes[session.number] = session.hash
            packed.outputsLeftOut += session.leftOut.count
            packed.bytesLeftOut += session.leftOut.reduce(0, +)
        }
        packed.packs.append(pack)
    }
}

/// How large outputs are, by powers of the square root of two, and how far sessions can be compressed.
package struct OutputSizes: Sendable {
    private var bytes: [Int] = Array(repeating: 0, count: 128)
    private var raw = 0
    /// Of the pack that was compressed best: large outputs are what is left out, and often what is compressed worst.
    private var ratio = 1.5

    mutating func add(_ size: Int) {
        let bucket = Self.bucket(size)
        bytes[bucket] += size
    }

    mutating func add(raw count: Int) { raw += count }

    mutating func add(compressed: Int, of raw: Int) {
        ratio = min(ratio, Double(compressed) / Double(max(1, raw)))
    }

    /// At least as many bytes as the largest output has, and less than half as many again.
    package var largest: Int { bytes.indices.last { bytes[$0] > 0 }.map(Self.edge) ?? 0 }

    /// The most bytes that a step's output may have for all of them to fit, as far as that can be told from here: rather too
    /// many than too few.
    package func mostOutput(for room: Int) -> Int {
        var rest = raw
        for bucket in bytes.indices.reversed() {
            if Double(rest) * ratio <= Double(room) * 0.9 { return Self.edge(bucket) }
            rest -= min(rest, bytes[bucket])
        }
        return 0
    }

    /// Twice the binary digits, and one more in the upper half.
    private static func bucket(_ size: Int) -> Int {
        guard size > 0 else { return 0 }
        let digits = Int.bitWidth - size.leadingZeroBitCount
        let isUpper = digits > 1 && size & (1 << (digits - 2)) != 0
        return min(127, 2 * digits + (isUpper ? 1 : 0))
    }

    /// The largest size of a bucket.
    private static func edge(_ bucket: Int) -> Int {
        let digits = bucket / 2
        guard digits > 0, digits < 62 else { return digits > 0 ? .max : 0 }
        return bucket % 2 == 1 ? (1 << digits) - 1 : (1 << (digits - 1)) + (1 << max(0, digits - 2)) - 1
    }
}
