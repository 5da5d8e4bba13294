/// Tells by the bytes behind it that what may begin an escape does not: then reading it aside would change nothing.
enum Lookahead {
    /// False where it stands for itself in each form that it may begin something in; true where more must be known.
    static func mayBeEscape(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, holdsBlank: Bool) -> Bool {
        let byte = text[index]
        // It is looked for with secrets that have blanks alone, and at once.
        if byte == 0x2B { return holdsBlank }
        guard index + 1 < text.count else { return true }
        let next = text[index + 1]
        if next.isPassedOver { return true }
        switch byte {
        case 0x22: return next == 0x22
        case 0x25: return next.hexadecimalValue != nil || next == 0x2B
        case 0x26: return next.isLetterOrDigit || next == 0x23
        case 0x27: return next == 0x27 || next == 0x5C || next == 0x22
        case 0x5F: return next == 0x78
        case 0xC2: return !(0xA0...0xBF).contains(next) || next == 0xAD
        case 0xCD: return !(0xB0...0xBF).contains(next)
        case 0xE2, 0xEF:
            guard (0x80...0xBF).contains(next), index + 2 < text.count else { return true }
            let third = text[index + 2]
            // Some that combine or have no width are among these.
            let mayBeMark = byte == 0xE2 ? next == 0x80 && third < 0x90 || next == 0x81 : next == 0xB8 || next == 0xBB
            return mayBeMark || !(0x80...0xBF).contains(third)
        default: return true
        }
    }
}
