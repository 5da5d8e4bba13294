/// The end of a text that comes piece by piece as patterns look at it: without control sequences and carriage returns, each
/// byte with the place that it comes from.
struct VisibleText {
    private(set) var bytes: [UInt8] = []
    /// From `offset` in `bytes` on, byte `offset + n` comes from `origin + n`.
    private var stretches: [(offset: Int, origin: Int)] = []
    private var pending: [UInt8] = []
    private var position: Int

    init(from position: Int) {
        self.position = position
    }

    mutating func append(_ piece: [UInt8]) {
        for byte in piece {
            position += 1
            guard !pending.isEmpty || byte == 0x1B || byte == 0x0D || byte == 0 else {
                keep(byte, from: position - 1)
                continue
            }
            pending.append(byte)
            guard pending[0] == 0x1B else {
                pending = []
                continue
            }
            switch EscapedForm.terminal.verdict(on: pending) {
            case .more: break
            case .decoded: pending = []
            case .literal: end()
            }
        }
    }

    /// What may be a control sequence is none.
    mutating func end() {
        for (index, byte) in pending.enumerated() { keep(byte, from: position - pending.count + index) }
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

    private mutating func keep(_ byte: UInt8, from origin: Int) {
        if let last = stretches.last, last.origin + bytes.count - last.offset == origin {
            bytes.append(byte)
            return
        }
        stretches.append((bytes.count, origin))
        bytes.append(byte)
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
