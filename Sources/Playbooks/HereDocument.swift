/// A here-document that a line of a shell opens with `<<WORD` or `<<-WORD`.
struct HereDocument: Sendable, Hashable {
    /// The word without its quotes.
    let delimiter: String
    let stripsTabs: Bool

    /// Reads the word behind `<<`; nil where there is none.
    init?(behind bytes: [UInt8], _ index: inout Int) {
        func isAt(_ signs: String) -> Bool { index < bytes.count && signs.utf8.contains(bytes[index]) }
        stripsTabs = isAt("-")
        if stripsTabs { index += 1 }
        while isAt(" \t") { index += 1 }
        let start = index
        var word: [UInt8] = []
        while index < bytes.count, !isAt(" \t;&|()<>") {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                let end = bytes[index...].firstIndex(of: byte) ?? bytes.count
                word += bytes[index..<end]
                index = min(end + 1, bytes.count)
            case UInt8(ascii: "\\"):
                word += bytes[index...].prefix(1)
                index = min(index + 1, bytes.count)
            default: word.append(byte)
            }
        }
        guard index > start else { return nil }
        delimiter = String(decoding: word, as: UTF8.self)
    }

    func isEnded(by line: String) -> Bool {
        (stripsTabs ? Self.withoutTabs(line) : line) == delimiter
    }

    static func withoutTabs(_ line: String) -> String { String(line.drop { $0 == "\t" }) }
}
