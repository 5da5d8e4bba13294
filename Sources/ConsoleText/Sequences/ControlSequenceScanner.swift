/// Takes one sequence byte by byte, from its ESC on, wherever the text was cut; its state is a byte and a count.
package struct ControlSequenceScanner: Sendable, Hashable {
    package enum Verdict: Sendable, Hashable {
        /// Whether it is a sequence depends on what follows.
        case more
        /// It is not a sequence. The byte just taken does not belong to it, and may begin another.
        case none
        /// The byte just taken is its last.
        case whole(ControlSequence.Kind)
    }

    private enum State: UInt8 {
        case start, escape, intermediate, control, string, stringEscape
    }

    private var state = State.start
    private var count = 0

    package init() {}

    /// Goes on behind bytes that another scanner has taken, each with the verdict `more`. Takes the same time for any
    /// number of them.
    package init(behind taken: ArraySlice<UInt8>) {
        count = taken.count
        guard let last = taken.last, count > 1 else {
            state = taken.isEmpty ? .start : .escape
            return
        }
        switch taken[taken.startIndex + 1] {
        case 0x5B: state = .control
        case let byte where ControlSequence.introducesString(byte):
            state = last == ControlSequence.escape ? .stringEscape : .string
        default: state = .intermediate
        }
    }

    /// Takes the next byte. Nothing may be taken behind another verdict than `more`.
    @inline(__always)
    package mutating func take(_ byte: UInt8) -> Verdict {
        count += 1
        let verdict = verdict(on: byte)
        return verdict == .more && count >= ControlSequence.longest ? .none : verdict
    }

    @inline(__always)
    private mutating func verdict(on byte: UInt8) -> Verdict {
        switch state {
        case .start:
            guard byte == ControlSequence.escape else { return .none }
            state = .escape
            return .more
        case .escape where byte == 0x5B:
            state = .control
            return .more
        case .escape where ControlSequence.introducesString(byte):
            state = .string
            return .more
        case .escape, .intermediate:
            state = .intermediate
            return Self.ending(byte, unfinished: 0x20...0x2F, final: 0x30...0x7E, of: .escape)
        case .control:
            return Self.ending(
                byte,
                unfinished: ControlSequence.controlParts,
                final: ControlSequence.controlEnds,
                of: .control
            )
        case .string, .stringEscape:
            // BEL or ST, which is ESC and a backslash.
            if byte == 0x07 || state == .stringEscape && byte == 0x5C { return .whole(.string) }
            state = byte == ControlSequence.escape ? .stringEscape : .string
            return .more
        }
    }

    @inline(__always)
    private static func ending(
        _ byte: UInt8,
        unfinished: ClosedRange<UInt8>,
        final: ClosedRange<UInt8>,
        of kind: ControlSequence.Kind
    ) -> Verdict {
        unfinished.contains(byte) ? .more : final.contains(byte) ? .whole(kind) : .none
    }
}
