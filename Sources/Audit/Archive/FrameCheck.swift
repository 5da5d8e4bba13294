import RecordingFormat

/// Compares a frame's decompressed bytes, as they come, with what it must hold: header, text and padding of each member,
/// and nothing before, between or behind them.
struct FrameCheck {
    private enum Part {
        case header
        case text(rest: UInt64)
        case padding(rest: UInt64)
        /// Zeros that end the tar stream.
        case end(rest: UInt64)
        case none
    }

    private let frame: ExpectedFrame
    private let keepsText: Bool
    /// How many members have gone by whole.
    private(set) var finished = 0
    private var part = Part.header
    private var header: [UInt8] = []
    /// The present member's size.
    private var size: UInt64 = 0
    private var text: MemberText?
    /// What is wrong with each member that has begun; nil where nothing is.
    private(set) var verdicts: [String?] = []
    /// How the entries that have gone by ended.
    private(set) var outcomes: [OutcomeFinder] = []
    /// The members' texts, where they were asked for.
    private(set) var texts: [[UInt8]] = []

    /// No member is larger that only its own header tells the size of: index and hashes take some 300 bytes a target.
    private static let untoldBytes = RecordingBound.index.limit

    init(_ frame: ExpectedFrame, keepsText: Bool = false) {
        self.frame = frame
        self.keepsText = keepsText
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(Damage) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = rest.prefix(Int(min(wanted, UInt64(rest.count))))
            rest = rest.dropFirst(taken.count)
            let left = wanted - UInt64(taken.count)
            switch part {
            case .header:
                header += taken
                if left == 0 { try beginMember() }
            case .text:
                text?.receive(UnsafeRawBufferPointer(rebasing: taken))
                if keepsText { texts[texts.count - 1] += taken }
                part = .text(rest: left)
            case .padding:
                try checkZeros(taken)
                part = .padding(rest: left)
            case .end:
                try checkZeros(taken)
                part = .end(rest: left)
            case .none:
                throw Damage("it holds more than its members")
            }
            advance()
        }
    }

    /// The frame is at its end.
    func finish() throws(Damage) {
        guard case .none = part else { throw Damage("it ends before its last member does") }
    }

    private mutating func beginMember() throws(Damage) {
        let member = frame.members[finished]
        let read = TarHeader(header)
        guard let told = member.size ?? read?.size, member.size != nil || told <= Self.untoldBytes else {
            throw Damage("\(member.name) has an unreadable header")
        }
        size = told
        header.removeAll(keepingCapacity: true)
        verdicts.append(
            read?.name == member.name && read?.size == size
                ? nil : "its tar header does not give this name and \(size) bytes"
        )
        if keepsText { texts.append([]) }
        text = MemberText(member, size: size)
        part = .text(rest: size)
    }

    /// Goes on to the next part where one is at its end.
    private mutating func advance() {
        if case .text(rest: 0) = part {
            let verdict = text?.close()
            if frame.members[finished].isEntry, let text { outcomes.append(text.outcome) }
            verdicts[finished] = verdicts[finished] ?? verdict
            part = .padding(rest: TarHeader.padded(size) - size)
        }
        if case .padding(rest: 0) = part {
            finished += 1
            let end = frame.endsArchive ? Part.end(rest: UInt64(TarHeader.endBytes)) : .none
            part = finished < frame.members.count ? .header : end
        }
        if case .end(rest: 0) = part { part = .none }
    }

    /// How many bytes the present part still takes.
    private var wanted: UInt64 {
        switch part {
        case .header: UInt64(TarHeader.byteCount - header.count)
        case .text(let rest), .padding(let rest), .end(let rest): rest
        case .none: .max
        }
    }

    private func checkZeros(_ bytes: Slice<UnsafeRawBufferPointer>) throws(Damage) {
        guard bytes.allSatisfy({ $0 == 0 }) else { throw Damage("there are bytes between its members") }
    }
}
