/// The tags that stand for secrets. Two runs of one thing have different tags in it, since each run has a key of its own.
package enum RedactedTags {
    private static let lead = Array("[redacted:".utf8)
    private static let digits = 8

    /// The same text with tags that tell no secret from another: `[redacted]` for each `[redacted:0123abcd]`.
    package static func alike(_ text: some Collection<UInt8>) -> [UInt8] {
        let text = Array(text)
        var (result, start): ([UInt8], Int) = ([], 0)
        while let place = text.firstPlace(of: lead, from: start, ignoringCase: false) {
            let after = place + lead.count
            let tag = text[after...].prefix(digits)
            let isTag =
                tag.count == digits && text.dropFirst(after + digits).first == 0x5D
                && tag.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            result += text[start..<(isTag ? after - 1 : after)]
            start = isTag ? after + digits : after
        }
        return result + text[start...]
    }
}
