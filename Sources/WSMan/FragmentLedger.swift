import PSRP

/// Notes which objects' fragments a server has sent, so that after a broken connection it can be told whether any are
/// missing.
///
/// A server numbers the objects of a session, over all its targets, from 1 without a gap; two Receives may be answered in
/// either order (of 500 recorded answers, all but what a terminated command left behind). Whether a Receive that is sent
/// again is answered by what was lost differs: Windows repeats the answer, OMI goes on with the next data. So after a
/// repeated Receive the next objects are watched: a hole that no other Receive can fill is a loss.
struct FragmentLedger: Sendable {
    enum Verdict: Sendable, Hashable {
        case whole
        /// Something is missing that another Receive, which waits, may bring.
        case waiting
        /// Why it is a loss, for a person.
        case lost(String)
    }

    private struct Cursor: Sendable {
        /// Bytes of a header that is not whole.
        var header: [UInt8] = []
        /// Bytes of the fragment's content that are to come.
        var remaining = 0
        /// The object that has begun and not ended, and the fragment that is due.
        var object: (id: UInt64, next: UInt64)?
    }

    /// The most holes that are held in mind; where there are more, numbers say nothing.
    private static let holeLimit = 1024

    private var cursors: [CarriageTarget: Cursor] = [:]
    private var highest: UInt64 = 0
    /// Numbers that were passed over, and may come yet or never.
    private var passedOver: Set<UInt64> = []
    /// Numbers that are missing since a Receive was repeated, and who may bring them.
    private var missing: [UInt64: Set<CarriageTarget>] = [:]
    private var isWatching = false
    /// Targets whose repeated Receive has not been answered.
    private var unproven: Set<CarriageTarget> = []
    private var hasSeenNext = false
    private var loss: String?

    /// A Receive of this target goes out again, and what it was answered before is lost.
    mutating func repeats(_ target: CarriageTarget) {
        isWatching = true
        hasSeenNext = false
        unproven.insert(target)
    }

    /// Takes a slice of a target's stream.
    /// - Parameter others: the targets that have a Receive waiting, which may bring what is missing.
    mutating func take(_ bytes: [UInt8], of target: CarriageTarget, others: Set<CarriageTarget>) {
        var cursor = cursors[target] ?? Cursor()
        var at = 0
        while at < bytes.count {
            if cursor.remaining > 0 {
                let count = min(cursor.remaining, bytes.count - at)
                cursor.remaining -= count
                at += count
                continue
            }
            let count = min(Fragment.headerSize - cursor.header.count, bytes.count - at)
            cursor.header += bytes[at..<at + count]
            at += count
            guard cursor.header.count == Fragment.headerSize else { break }
            let header = FragmentHeader(cursor.header)
            cursor.header = []
            cursor.remaining = header.length
            note(header, of: &cursor, others: others.subtracting([target]))
        }
        cursors[target] = cursor
    }

    /// A Receive of this target was answered, and what came with it was taken.
    /// - Parameter endsEarly: whether the server says that nothing more comes, though the target has not told its state.
    mutating func answered(_ target: CarriageTarget, endsEarly: Bool = false) -> Verdict {
        unproven.remove(target)
        if endsEarly, isWatching, !hasSeenNext { loss = loss ?? "its last word has not come" }
        for (number, others) in missing {
            let rest = others.subtracting([target])
            missing[number] = rest
            if rest.isEmpty { loss = loss ?? "object \(number) has not come" }
        }
        if let loss { return .lost(loss) }
        if !missing.isEmpty { return .waiting }
        if hasSeenNext, unproven.isEmpty { isWatching = false }
        return .whole
    }

    /// Whether something is missing that may come yet.
    var isWaiting: Bool { !missing.isEmpty }

    /// Nothing more is taken from this target: what it left behind is nobody's, and not missed.
    mutating func forget(_ target: CarriageTarget) {
        cursors[target] = nil
        unproven.remove(target)
        for (number, others) in missing where others.subtracting([target]).isEmpty {
            missing[number] = nil
            passedOver.insert(number)
        }
        if missing.isEmpty, unproven.isEmpty { isWatching = false }
    }

    private mutating func note(_ header: FragmentHeader, of cursor: inout Cursor, others: Set<CarriageTarget>) {
        if let object = cursor.object, isWatching, header.object != object.id || header.fragment != object.next {
            loss = loss ?? "fragment \(object.next) of object \(object.id) has not come"
        }
        if header.isStart { noteObject(header.object, others) }
        cursor.object = header.isEnd ? nil : (header.object, header.fragment + 1)
    }

    private mutating func noteObject(_ number: UInt64, _ others: Set<CarriageTarget>) {
        guard number > highest else {
            let wasDue = passedOver.remove(number) != nil || missing.removeValue(forKey: number) != nil
            if isWatching, !wasDue { loss = loss ?? "object \(number) came twice" }
            return
        }
        let hole = number - highest - 1
        if hole > Self.holeLimit {
            passedOver = []
            if isWatching { loss = loss ?? "\(hole) objects have not come" }
        } else if isWatching {
            for lost in highest + 1..<number {
                missing[lost] = others
                if others.isEmpty { loss = loss ?? "object \(lost) has not come" }
            }
        } else if passedOver.count + Int(hole) <= Self.holeLimit {
            passedOver.formUnion(highest + 1..<number)
        }
        highest = number
        hasSeenNext = true
    }
}

/// A fragment's header (MS-PSRP 2.2.4), of 21 bytes.
private struct FragmentHeader {
    let object: UInt64
    let fragment: UInt64
    let isStart: Bool
    let isEnd: Bool
    let length: Int

    init(_ bytes: [UInt8]) {
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        object = number(0..<8)
        fragment = number(8..<16)
        isStart = bytes[16] & 1 != 0
        isEnd = bytes[16] & 2 != 0
        length = Int(number(17..<21))
    }
}
