/// Looks in what a container's first program writes to its standard error for its last word, `TOKEN end STATUS`, and keeps
/// that from whoever reads the rest.
struct LastWord: Sendable {
    private let lead: [UInt8]
    private var held: [UInt8] = []
    /// How its command line ended; nil as long as that was not said.
    private(set) var status: Int32?

    /// Digits of a status, a sign and a line's end.
    private static let longest = 8

    init(token: String) {
        lead = Array("\(token) end ".utf8)
    }

    /// Takes bytes, cut anywhere.
    /// - Returns: what is not of the word.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        held += bytes
        guard let start = held.indices.first(where: { held[$0...].starts(with: lead) }) else {
            let kept =
                (0..<min(lead.count, held.count + 1)).last { held.suffix($0).elementsEqual(lead.prefix($0)) } ?? 0
            defer { held = Array(held.suffix(kept)) }
            return Array(held.dropLast(kept))
        }
        let rest = held[(start + lead.count)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            guard rest.count <= Self.longest else { return finish() }
            defer { held = Array(held[start...]) }
            return Array(held[..<start])
        }
        let said = rest[..<end].count <= Self.longest ? Int32(String(decoding: rest[..<end], as: UTF8.self)) : nil
        guard let said else { return finish() }
        status = said
        defer { held = [] }
        return Array(held[..<start]) + Array(held[(end + 1)...])
    }

    /// What was kept back and is not the word after all.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
