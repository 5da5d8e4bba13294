import ConsoleText

/// The end of a text that comes piece by piece as patterns look at it: without control sequences and carriage returns, each
/// byte with the place that it comes from.
struct VisibleText {
    private(set) var bytes: [UInt8] = []
    /// From `offset` in `bytes` on, byte `offset + n` comes from `origin + n`.
    private var stretches: [(offset: Int, origin: Int)] = []
    /// What may be a control sequence, and how it goes on.
    private var pending: [UInt8] = []
    private var scanner = ControlSequenceScanner()
    private var position: Int

    init(from position: Int) {
        self.position = position
    }

    mutating func append(_ piece: [UInt8]) {
        piece.withUnsafeBufferPointer { piece in
            var cursor = 0
            while cursor < piece.count {
                let next = pending.isEmpty ? piece.firstControl(from: cursor) ?? piece.count : cursor
                if next > cursor {
                    keep(piece[cursor..<next], from: position)
                    position += next - cursor
                }
                guard next < piece.count else { return }
                take(piece[next])
                position += 1
                cursor = next + 1
            }
        }
    }

    private mutating func take(_ byte: UInt8) {
        if !pending.isEmpty {
            switch scanner.take(byte) {
            case .more: return pending.append(byte)
            case .whole: return pending = []
            case .none: end()
            }
        }
        switch byte {
        case ControlSequence.escape:
            pending = [byte]
            scanner = ControlSequenceScanner(behind: pending[...])
        case 0x0D, 0: break
        default: keep(CollectionOfOne(byte), from: position)
        }
    }

    /// What may be a control sequence is not one.
    mutating func end() {
        guard !pending.isEmpty else { return }
        keep(pending, from: position - pending.count)
        pending = []
    }

    /// Where a byte of the text comes from; where the text ends, for its end.
    func origin(of offset: Int) -> Int {
        guard let last = stretches.last else { return position }
        guard offset < bytes.count else { return last.origin + offset - last.offset }
        let index = stretches.partitioningIndex { $0.offset > offset } - 1
        return stretches[index].origin + offset - stretches[index].offset
    }

    mutating func removeFirst(_ count: Int) {
        let kept = stretches.partitioningIndex { $0.offset > count } - 1
        if kept >= 0 {
            stretches.removeFirst(kept)
            stretches[0].origin += count - stretches[0].offset
            stretches[0].offset = count
        }
        bytes.removeFirst(count)
        for index in stretches.indices { stretches[index].offset -= count }
        if bytes.isEmpty { stretches = [] }
    }

    /// - Parameter stretch: bytes that follow each other in the text, too; at least one.
    private mutating func keep(_ stretch: some Collection<UInt8>, from origin: Int) {
        if stretches.last.map({ $0.origin + bytes.count - $0.offset }) != origin {
            stretches.append((bytes.count, origin))
        }
        bytes += stretch
    }
}

extension Array {
    /// The first index whose element is `behind`, where all that are stand at the end.
    fileprivate func partitioningIndex(where behind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if behind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
