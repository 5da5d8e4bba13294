/// Writes DER (X.690) forwards, into one buffer that is as long as it must be: where a password is written, no copy of it
/// stays behind.
struct DERWriter {
    private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: what all of it takes.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    static let sequence: UInt8 = 0x30
    static let octets: UInt8 = 0x04
    static let integer: UInt8 = 0x02

    /// An explicit tag `[number]`.
    static func context(_ number: UInt8) -> UInt8 { 0xA0 | number }

    /// How long an element is whose content has so many bytes.
    static func size(of content: Int) -> Int { 1 + lengthBytes(content).count + content }

    mutating func begin(_ tag: UInt8, _ length: Int) {
        bytes.append(tag)
        bytes += Self.lengthBytes(length)
    }

    mutating func append(_ content: some Sequence<UInt8>) {
        bytes.append(contentsOf: content)
    }

    /// `[number] OCTET STRING`
    mutating func appendOctets(_ number: UInt8, _ content: [UInt8]) {
        begin(Self.context(number), Self.size(of: content.count))
        begin(Self.octets, content.count)
        append(content)
    }

    /// `[number] INTEGER`, of a number below 128.
    mutating func appendSmall(_ number: UInt8, _ value: UInt8) {
        begin(Self.context(number), 3)
        begin(Self.integer, 1)
        append([value])
    }

    private static func lengthBytes(_ length: Int) -> [UInt8] {
        guard length >= 0x80 else { return [UInt8(length)] }
        let count = (Int.bitWidth - length.leadingZeroBitCount + 7) / 8
        return [0x80 | UInt8(count)] + (0..<count).reversed().map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    }
}
