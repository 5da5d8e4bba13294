/// The last line of what carries a session, behind the far side's own: why there is nothing more to carry.
package enum CarrierWords {
    private static let lead = "__PSRunCarrier__:"
    /// Characters of a reason.
    private static let longest = 2_000

    /// - Parameter reason: a clause, without secrets.
    package static func line(_ reason: String) -> [UInt8] {
        // What stands in angle brackets could be taken for a piece of PSRP.
        let words = reason.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(longest)
        return Array("\(lead)\(words.replacing("<", with: "(").replacing("PSGuid=", with: "PSGuid "))\n".utf8)
    }

    /// - Returns: nil for a line of somebody else's.
    static func reason(in line: String) -> String? {
        guard line.hasPrefix(lead) else { return nil }
        let reason = line.dropFirst(lead.count)
        return String(reason.last == "." ? reason.dropLast() : reason)
    }
}
