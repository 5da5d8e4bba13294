package import Recording
package import RecordingFormat
import Threads

/// Takes the lines of one entry, and makes one value of them.
package protocol EntryCollector: SendableMetatype {
    associatedtype Value: Sendable
    init(target: String)
    /// Whether it needs events of that code: others are passed over without being copied.
    static func needs(_ code: RecordedCode) -> Bool
    /// - Parameter number: the line's number from 1, as far as lines were handed out; the header has none.
    mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError)
    mutating func finish() -> Value
}

/// Reads what is needed of all entries of sealed runs, on several threads, straight from their frames.
package enum ArchiveReading {
    /// Each entry is checked against SHA256SUMS.
    /// - Returns: what came of each entry, and its number from 0, in the order of the run's targets.
    /// - Throws: `damaged` where an entry is not what was sealed, or is none.
    package static func read<Collector: EntryCollector>(
        _ run: FrameIndex,
        threads: Int,
        with collector: Collector.Type
    ) throws(RecordingError) -> [(entry: Int, value: Collector.Value)] {
        var values: [(entry: Int, value: Collector.Value)] = []
        var failure: RecordingError?
        OrderedWork.run(run.frames.count, threads: threads) {
            FrameReader()
        } work: { reader, frame in
            Self.read(run.frames[frame], of: run, reader, collector)
        } take: { _, outcome in
            switch outcome {
            case .success(let more): values += more
            case .failure(let error): failure = error
            }
            return failure == nil
        }
        if let failure { throw failure }
        return values.sorted { $0.entry < $1.entry }
    }

    private static func read<Collector: EntryCollector>(
        _ frame: FramePlace,
        of run: FrameIndex,
        _ reader: FrameReader,
        _: Collector.Type
    ) -> Result<[(entry: Int, value: Collector.Value)], RecordingError> {
        var values: [(entry: Int, value: Collector.Value)] = []
        var collector: Collector?
        var hash = SHA256()
        do {
            try reader.read(frame, of: run.archive) { piece in
                if piece.isFirst {
                    collector = Collector(target: run.target(of: piece.place))
                    hash = SHA256()
                }
                hash.update(piece.text)
                try hand(piece.text, to: &collector)
                guard piece.isLast else { return true }
                guard hash.hexadecimalDigest() == run.hash(of: piece.place) else {
                    throw run.archive.damage(
                        "\(run.target(of: piece.place)) is not what was sealed (its SHA-256 differs)"
                    )
                }
                if let value = collector?.finish() { values.append((piece.place.entry, value)) }
                return true
            }
        } catch let error as RecordingError {
            return .failure(error)
        } catch let error as CastError {
            return .failure(run.archive.damage("an event of one of its entries: \(error.message)"))
        } catch {
            return .failure(run.archive.damage("\(error)"))
        }
        return .success(values)
    }

    private static func hand<Collector: EntryCollector>(
        _ text: UnsafeRawBufferPointer,
        to collector: inout Collector?
    ) throws(CastError) {
        var start = 0
        var number = 1
        while start < text.count {
            let end = text.firstOffset(of: 0x0A, from: start) ?? text.count
            let line = UnsafeRawBufferPointer(rebasing: text[start..<end])
            start = end + 1
            guard let code = CastLine.code(of: Array(line.prefix(40))[...]), Collector.needs(code) else { continue }
            number += 1
            try collector?.take(Array(line)[...], number: number)
        }
    }
}
