/// Finds secrets that are too short to be looked for in words, where they are a whole line of a text that comes piece by
/// piece.
struct ShortLines {
    private var line: [UInt8] = []
    private var start: Int
    private var position: Int

    init(from position: Int) {
        start = position
        self.position = position
    }

    /// Where a line begins that may yet become such a secret.
    var heldFrom: Int? { (1..<Redactor.shortest * 4).contains(line.count) ? start : nil }

    mutating func read(_ piece: [UInt8], _ secrets: [[UInt8]: Int32], into found: inout [FoundSecret]) {
        for byte in piece {
            position += 1
            if byte == 0x0A {
                settle(secrets, into: &found)
            } else if !byte.isPassedOver {
                if line.isEmpty { start = position - 1 }
                if line.count < Redactor.shortest * 4 { line.append(byte) }
            }
        }
    }

    /// The line ends here.
    mutating func settle(_ secrets: [[UInt8]: Int32], into found: inout [FoundSecret]) {
        if let secret = secrets[line] {
            found.append(FoundSecret(start: start, end: start + line.count, secret: secret))
        }
        line = []
    }
}
