/// What a byte is to the readings of a text.
struct ByteKind {
    static let passedOver: UInt8 = 1
    /// It may begin something in one of the escaped forms.
    static let escape: UInt8 = 2
    static let blank: UInt8 = 4
    /// One of those above.
    static let special: UInt8 = 7
    static let sextet: UInt8 = 8
    static let nibble: UInt8 = 16
    static let digit: UInt8 = 32
    /// It may stand between hexadecimal digits, between decimal numbers.
    static let betweenNibbles: UInt8 = 64
    static let betweenNumbers: UInt8 = 128

    let flags: UInt8
    /// Its value as a digit of base64, of hexadecimal numbers; 0 where it is not one.
    let sextet: UInt8
    let nibble: UInt8

    init(_ byte: UInt8) {
        let sextet = SecretReading.digitValues[Int(byte)]
        var flags: UInt8 = 0
        if byte.isPassedOver { flags |= Self.passedOver }
        if EscapedForm.beginnings[Int(byte)] != 0 { flags |= Self.escape }
        if byte == 0x20 { flags |= Self.blank }
        if sextet < 64 { flags |= Self.sextet }
        if byte.hexadecimalValue != nil { flags |= Self.nibble }
        if (0x30...0x39).contains(byte) { flags |= Self.digit }
        if byte.isBetweenNibbles { flags |= Self.betweenNibbles }
        if byte.isBetweenNumbers { flags |= Self.betweenNumbers }
        self.flags = flags
        self.sextet = sextet < 64 ? sextet : 0
        nibble = byte.hexadecimalValue ?? 0
    }

    static let table = (UInt8.min...UInt8.max).map(ByteKind.init)
}

extension UInt8 {
    /// What stands between the bytes of a dump.
    var isBetweenNibbles: Bool { self == 0x20 || self == 0x2C || self == 0x2D || self == 0x3A }

    var isBetweenNumbers: Bool { self == 0x20 || self == 0x2C || self == 0x3B }
}
