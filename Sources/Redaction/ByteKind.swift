/// What a byte is to the readings of a text.
struct ByteKind {
    static let passedOver: UInt16 = 1
    /// It may begin something in one of the escaped forms.
    static let escape: UInt16 = 2
    static let blank: UInt16 = 4
    /// One of those above.
    static let special: UInt16 = 7
    static let sextet: UInt16 = 8
    static let nibble: UInt16 = 16
    static let digit: UInt16 = 32
    /// It may stand between hexadecimal digits, between decimal numbers.
    static let betweenNibbles: UInt16 = 64
    static let betweenNumbers: UInt16 = 128
    /// It is the third byte that a secret begins with; the last digit of the second one in hexadecimal.
    static let third: UInt16 = 256
    static let lastNibble: UInt16 = 512

    var flags: UInt16
    /// Its value as a digit of base64, of hexadecimal numbers; 0 where it is not one.
    let sextet: UInt8
    let nibble: UInt8

    init(_ byte: UInt8) {
        let sextet = SecretReading.digitValues[Int(byte)]
        var flags: UInt16 = 0
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
