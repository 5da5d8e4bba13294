import KeptSessions

/// The bounds of kept sessions.
enum KeptSessionBounds {
    /// Their numbers are held by KeptSessionBoundTests. What is more than these waits, which cannot be told from outside from
    /// waiting behind one less; and 256 shells are more than a test of a page may start.
    static let heldElsewhere: Set = [
        "sessions of one broker", "visitors that wait for one session", "clients of the control socket at one time",
    ]

    static let cases: [String: BoundCase] = [
        "a session's name": BoundCase(limit: "\(KeptSessionLimits.nameBytes) bytes") {
            let name = String(repeating: "n", count: KeptSessionLimits.nameBytes)
            guard KeptSessionName.fault(in: name) == nil, KeptSessionName.fault(in: name + "n") != nil else {
                return ""
            }
            return "wrong usage (2)"
        },
        "a line of the control protocol": BoundCase(limit: "\(KeptSessionLimits.lineBytes >> 20) MiB") {
            refusal(behind: [UInt8](repeating: 0x61, count: KeptSessionLimits.lineBytes), of: [0x61])
        },
        "all lines of one request": BoundCase(limit: "\(KeptSessionLimits.requestBytes >> 20) MiB") {
            let line = [UInt8](repeating: 0x61, count: 1023) + [0x0A]
            let lines = [[UInt8]](repeating: line, count: KeptSessionLimits.requestBytes / line.count)
            return refusal(behind: lines.flatMap(\.self), of: [0x61])
        },
    ]

    /// What is said to what comes behind as much as is taken.
    private static func refusal(behind taken: [UInt8], of more: [UInt8]) -> String {
        var reader = ControlReader()
        _ = reader.receive(taken)
        guard !reader.isTooMuch else { return "" }
        _ = reader.receive(more)
        return reader.isTooMuch ? "the request is refused (2)" : ""
    }
}
