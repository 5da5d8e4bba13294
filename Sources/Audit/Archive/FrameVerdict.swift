import Files
import Recording

/// What became of a frame when it was compared with what it must hold.
struct FrameVerdict: Sendable {
    /// What is wrong with each member, in their order; nil where nothing is.
    private(set) var members: [String?]
    /// What is wrong with the frame beyond its members.
    private(set) var frame: String?
    /// How its entries ended; of a frame that is not good, not all of them.
    private(set) var outcomes: [OutcomeFinder]

    var isGood: Bool { frame == nil && members.allSatisfy { $0 == nil } }

    /// Decompresses the frame. What came whole before the damage is as good as ever.
    init(_ expected: ExpectedFrame, in file: File, _ reader: ZstdFrameReader) {
        var check = FrameCheck(expected)
        var problem: String?
        do throws(Damage) {
            try reader.decode(expected.bytes, of: file) { piece throws(Damage) in try check.receive(piece) }
            try check.finish()
        } catch {
            problem = error.message
        }
        let finished = check.verdicts.prefix(check.finished)
        members = finished + [String?](repeating: problem, count: expected.members.count - finished.count)
        outcomes = check.outcomes
        frame = finished.count == expected.members.count ? problem : nil
    }

    /// Of two readings of the same frame, at two places, what either has good.
    func better(_ other: FrameVerdict) -> FrameVerdict {
        var better = self
        better.members = zip(members, other.members).map { mine, its in mine == nil || its == nil ? nil : mine }
        better.outcomes = isGood ? outcomes : other.outcomes
        better.frame = isGood || other.isGood ? nil : frame
        return better
    }
}

extension ExpectedFrame {
    /// The same frame so many bytes further on; nil before the file's beginning.
    func moved(by shift: Int64) -> ExpectedFrame? {
        let (start, overflow) = Int64(bytes.lowerBound).addingReportingOverflow(shift)
        guard !overflow, start >= 0 else { return nil }
        let place = UInt64(start)
        return ExpectedFrame(bytes: place..<(place + UInt64(bytes.count)), members: members, endsArchive: endsArchive)
    }
}
