import CLIXML
import PSRunTestSupport

/// Values of every kind, by chance; the same for the same seed.
struct ValueGenerator {
    private static let units: [UInt16] =
        Array("abcXYZ_x_X09 \t\r\n<>&\"'é中😀\u{0}\u{1B}\u{7F}\u{85}\u{2028}\u{FEFF}".utf16) + [
            0xDEAD, 0xDBFF, 0xFFFE, 0xFFFF,
        ]

    var chance: SplitMix64
    /// Objects made so far, some of which are used again.
    private var shared: [PSObject] = []

    init(seed: UInt64) {
        chance = SplitMix64(seed: seed)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &chance) }

    mutating func bits<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
        Number(truncatingIfNeeded: chance.next())
    }

    mutating func string() -> PSString {
        var units: [UInt16] = []
        for _ in 0..<below(12) { units.append(Self.units[below(Self.units.count)]) }
        return PSString(units: units)
    }

    mutating func primitive() -> PSValue {
        switch below(25) {
        case 0: .null
        case 1: .bool(below(2) == 0)
        case 2: .string(string())
        case 3: .scriptBlock(string())
        case 4: .uri(string())
        case 5: .xmlDocument(string())
        case 6: .char(bits())
        case 7: .uint8(bits())
        case 8: .int8(bits())
        case 9: .uint16(bits())
        case 10: .int16(bits())
        case 11: .uint32(bits())
        case 12: .int32(bits())
        case 13: .uint64(bits())
        case 14: .int64(bits())
        case 15: .double(Double(bitPattern: bits()))
        case 16: .double(Double.random(in: -1e6...1e6, using: &chance))
        case 17: .single(Float(bitPattern: bits()))
        case 18:
            .decimal(
                PSDecimal(
                    isNegative: below(2) == 0,
                    magnitude: UInt128(bits(UInt32.self)) << 64 | UInt128(bits(UInt64.self)) | 1,
                    scale: UInt8(below(29))
                )
            )
        case 19: .bytes((0..<below(20)).map { UInt8(truncatingIfNeeded: $0 * 37) })
        case 20: .guid(PSGuid(high: bits(), low: bits()))
        case 21: .version(PSVersionNumber(components: (0..<below(3) + 2).map { Int32($0 * 11) }))
        case 22:
            .dateTime(PSDateTime(ticks: Int64.random(in: 0..<3_155_378_976_000_000_000, using: &chance), zone: zone()))
        case 23: .timeSpan(PSTimeSpan(ticks: bits(Int64.self) >> Int64(below(60))))
        default: .secureString([1, 2, 3])
        }
    }

    private mutating func zone() -> PSDateTime.Zone {
        switch below(3) {
        case 0: .unspecified
        case 1: .utc
        default: .offset(minutes: below(1681) - 840)
        }
    }

    mutating func value(depth: Int = 3) -> PSValue {
        if depth == 3 { shared = [] }
        if depth == 0 || below(2) == 0 { return primitive() }
        if let object = shared.randomElement(using: &chance), below(5) == 0 { return .object(object) }
        let number = below(5)
        let object = PSObject(
            typeNames: ["Some.Type\(number)", "System.Object"],
            toString: below(2) == 0 ? string() : nil,
            base: base(depth: depth - 1),
            adapted: properties(depth: depth - 1),
            extended: [PSProperty("own", primitive())] + properties(depth: depth - 1)
        )
        // Not one that refers to objects around itself, which it would have others of elsewhere.
        if !PSValue.object(object).dump.contains("^") { shared.append(object) }
        return .object(object)
    }

    private mutating func base(depth: Int) -> PSObject.Base {
        var elements: [PSValue] = []
        for _ in 0..<below(4) { elements.append(value(depth: depth)) }
        switch below(7) {
        case 0:
            return .dictionary(
                elements.enumerated().map { PSEntry(.string("\($0.offset)"), $0.element) }
            )
        case 1: return .list(elements)
        case 2: return .queue(elements)
        case 3: return .stack(elements)
        case 4: return .enumerable(elements + (below(4) == 0 ? [.ancestor(1)] : []))
        case 5: return .value(.string(string()))
        default: return .none
        }
    }

    private mutating func properties(depth: Int) -> [PSProperty] {
        var properties: [PSProperty] = []
        for number in 0..<below(3) {
            // A lone surrogate does not go into a name, which is a Swift string.
            properties.append(PSProperty("p\(number)" + string().text, value(depth: depth)))
        }
        return properties
    }
}
