import CLIXML
import PSRP
import Testing

@testable import WSMan

@Suite struct FragmentLedgerTests {
    private static let line = CarriageTarget.pipeline(PSGuid(high: 1, low: 1))

    /// A fragment of five bytes of this object.
    private func fragment(_ object: UInt64, _ number: UInt64 = 0, start: Bool = true, end: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in [object, number] {
            for shift in (0..<8).reversed() { bytes.append(UInt8(value >> (shift * 8) & 255)) }
        }
        return bytes + [(start ? 1 : 0) | (end ? 2 : 0), 0, 0, 0, 5, 1, 2, 3, 4, 5]
    }

    private func take(
        _ ledger: inout FragmentLedger,
        _ objects: [UInt64],
        of target: CarriageTarget = line,
        others: Set<CarriageTarget> = [.pool]
    ) -> FragmentLedger.Verdict {
        ledger.take(objects.flatMap { fragment($0) }, of: target, others: others)
        return ledger.answered(target)
    }

    @Test("Without a repeated Receive, whatever numbers come are whole")
    func calm() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1, 2, 9, 4, 4, 1_000_000, 7]) == .whole)
    }

    @Test("After a repeat the next number says that nothing is missing, and the watch is over")
    func repeated() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1, 2]) == .whole)
        ledger.repeats(Self.line)
        #expect(take(&ledger, [3]) == .whole)
        #expect(take(&ledger, [9]) == .whole, "what a terminated pipeline leaves out is no loss")
    }

    @Test("A hole that nobody else can fill is a loss")
    func loss() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1, 2]) == .whole)
        ledger.repeats(Self.line)
        #expect(take(&ledger, [4], others: []) == .lost("object 3 has not come"))
    }

    @Test("A hole that another Receive fills is none, and a loss if it does not")
    func filled() {
        for fills in [true, false] {
            var ledger = FragmentLedger()
            #expect(take(&ledger, [1, 2]) == .whole)
            ledger.repeats(Self.line)
            #expect(take(&ledger, []) == .whole, "an empty answer proves nothing")
            #expect(take(&ledger, [4]) == .waiting)
            let verdict = take(&ledger, fills ? [3] : [5], of: .pool, others: [Self.line])
            #expect(verdict == (fills ? .whole : .lost("object 3 has not come")))
        }
    }

    @Test("A number that comes twice after a repeat is no stream to go on with")
    func twice() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1, 2]) == .whole)
        ledger.repeats(Self.line)
        #expect(take(&ledger, [2]) == .lost("object 2 came twice"))
    }

    @Test("A number that was passed over before the repeat may come after it")
    func passedOver() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1, 3]) == .whole)
        ledger.repeats(Self.line)
        #expect(take(&ledger, [2], of: .pool) == .whole)
        #expect(take(&ledger, [4]) == .whole)
    }

    @Test("Fragments of an object that began before the repeat must go on where it was", arguments: [1, 2] as [UInt64])
    func within(_ next: UInt64) {
        var ledger = FragmentLedger()
        ledger.take(fragment(1, end: false), of: Self.line, others: [])
        #expect(ledger.answered(Self.line) == .whole)
        ledger.repeats(Self.line)
        ledger.take(fragment(1, next, start: false), of: Self.line, others: [])
        #expect(ledger.answered(Self.line) == (next == 1 ? .whole : .lost("fragment 1 of object 1 has not come")))
    }

    @Test("Streams may be cut anywhere")
    func cut() {
        var ledger = FragmentLedger()
        ledger.repeats(Self.line)
        for byte in fragment(1) + fragment(2) + fragment(4) { ledger.take([byte], of: Self.line, others: []) }
        #expect(ledger.answered(Self.line) == .lost("object 3 has not come"))
    }

    @Test("A hole of millions costs nothing, and is a loss after a repeat")
    func giant() {
        var ledger = FragmentLedger()
        ledger.repeats(Self.line)
        #expect(take(&ledger, [UInt64.max]) == .lost("\(UInt64.max - 1) objects have not come"))
    }

    @Test("What a pipeline that was given up left behind is not missed")
    func forgotten() {
        var ledger = FragmentLedger()
        #expect(take(&ledger, [1]) == .whole)
        ledger.repeats(Self.line)
        #expect(take(&ledger, [3], of: .pool, others: [Self.line]) == .waiting)
        ledger.forget(Self.line)
        #expect(take(&ledger, [9], of: .pool, others: []) == .whole)
    }
}
