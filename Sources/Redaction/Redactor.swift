/// What a run holds as secrets: every text that is written down goes through it, and each secret in it becomes a tag.
///
/// A secret is found as it stands and in the forms of `SecretReading` and `EscapedForm`, whatever control characters and
/// line ends stand in it; non-ASCII ones also in UTF-16 and Latin-1.
package struct Redactor {
    /// Shorter secrets, in characters, are replaced only where they are a whole value or a whole line: as parts of words
    /// they are everywhere.
    package static let shortest = 4
    /// A longer secret is held in pieces.
    static let longestPiece = 1024
    /// Values that the far side chooses (matches of a pattern, its secure strings) are held up to this number.
    package static let mostValues = 20_000
    /// And up to so many bytes in all their forms, each of which takes some 60 bytes in every target's redactor.
    package static let mostValueBytes = 256 << 10

    /// What values that a far side chooses may still take.
    package struct Room: Sendable, Hashable {
        package var values = Redactor.mostValues
        package var bytes = Redactor.mostValueBytes

        package init() {}
    }

    /// What is looked for. Another redactor may begin with it.
    package internal(set) var held: HeldSecrets
    let patterns: [any RedactionPattern]
    private let tag: @Sendable (_ secret: [UInt8]) -> String
    /// What the values that its own far side chooses may still take.
    package private(set) var room = Room()
    private var newlyHeld: [[UInt8]] = []
    private var notices: [RedactionNotice] = []
    private var told: Set<RedactionNotice> = []

    /// - Parameters:
    ///   - held: what another redactor with the same tags holds already.
    ///   - tag: gives a secret's tag: the same for the same secret, and nothing that the secret could be told from
    ///     without a key.
    package init(
        patterns: [any RedactionPattern] = [],
        holding held: HeldSecrets = HeldSecrets(),
        tag: @escaping @Sendable (_ secret: [UInt8]) -> String
    ) {
        self.patterns = patterns
        self.held = held
        self.tag = tag
    }

    /// Whether there is nothing to look for.
    package var isIdle: Bool { patterns.isEmpty && held.isEmpty }

    /// Holds a secret from now on.
    package mutating func hold(_ secret: String) {
        hold(Array(secret.utf8))
    }

    /// Holds a value that the far side chose.
    /// - Parameter limit: what it may take, where that is less than what is left.
    package mutating func hold(value: [UInt8], within limit: Room = Room()) {
        guard min(room.values, limit.values) > 0 else { return tell(.tooManyValues) }
        let (count, size) = (held.count, held.size)
        let bytes = min(room.bytes, limit.bytes)
        guard value.count <= bytes else { return tell(.tooManyValues) }
        hold(value, atMost: size + bytes)
        room.values -= held.count - count
        room.bytes -= held.size - size
    }

    /// Holds what another redactor of the same run has learnt, where it was counted.
    package mutating func hold(learnt value: [UInt8]) { hold(value) }

    /// What is held since this was asked last: for other redactors of the same run.
    package mutating func takeNewlyHeld() -> [[UInt8]] {
        defer { newlyHeld = [] }
        return newlyHeld
    }

    /// What users should be told since this was asked last.
    package mutating func takeNotices() -> [RedactionNotice] {
        defer { notices = [] }
        return notices
    }

    /// A whole text with its secrets replaced.
    package mutating func redacted(_ text: String) -> String {
        guard !isIdle, !text.isEmpty else { return text }
        var channel = RedactionChannel(isStream: false)
        let bytes = Array(text.utf8)
        channel.read(bytes, by: &self)
        channel.settle(by: &self)
        return channel.take(bytes, at: 0, by: self)
    }

    /// The number of a tag for what a pattern matched; held from now on.
    mutating func number(ofMatch value: [UInt8]) -> Int32 {
        hold(value: value)
        return number(ofLine: value)
    }

    /// The number of a tag for a line that is replaced, and not held.
    mutating func number(ofLine line: [UInt8]) -> Int32 {
        held.number(of: tag(line.filter { !$0.isPassedOver }))
    }

    mutating func tell(_ notice: RedactionNotice) {
        if told.insert(notice).inserted { notices.append(notice) }
    }

    /// - Parameter mostBytes: nothing is held that would make all that is held more than that.
    private mutating func hold(_ secret: [UInt8], atMost mostBytes: Int = .max) {
        guard secret.count <= mostBytes else { return tell(.tooManyValues) }
        let bytes = secret.filter { !$0.isPassedOver }
        guard !bytes.isEmpty, held.add(bytes) else { return }
        newlyHeld.append(bytes)
        let number = held.number(of: tag(bytes))
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.unicodeScalars.count >= Self.shortest else {
            held.shortSecrets[bytes] = number
            return tell(.shortSecret)
        }
        for form in [bytes] + Self.otherEncodings(of: text) where form.count >= Self.shortest {
            guard form.count <= mostBytes, held.size <= mostBytes - form.count else { return tell(.tooManyValues) }
            held.insert(form, number)
        }
    }

    /// UTF-16 in both byte orders and Latin-1 as bytes, and these bytes as what reads them for Latin-1 shows them.
    private static func otherEncodings(of text: String) -> [[UInt8]] {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        var encodings = [little, big]
        let scalars = text.unicodeScalars
        if scalars.allSatisfy({ $0.value < 0x100 }) { encodings.append(scalars.map { UInt8($0.value) }) }
        let shown = [little, big].map { bytes in bytes.flatMap { Array(String(Unicode.Scalar($0)).utf8) } }
        return (encodings + shown).map { $0.filter { !$0.isPassedOver } }
    }
}
