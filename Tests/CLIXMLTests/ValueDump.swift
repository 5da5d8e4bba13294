import CLIXML

extension PSValue {
    /// A text that says everything of a value, the same that Tests/Peers/clixml_peer.py writes of psrpcore's values.
    var dump: String {
        switch self {
        case .null: "null"
        case .string(let string): "S:\(string.dump)"
        case .scriptBlock(let string): "SBK:\(string.dump)"
        case .uri(let string): "URI:\(string.dump)"
        case .xmlDocument(let string): "XD:\(string.dump)"
        case .char(let unit): "C:\(unit)"
        case .bool(let bool): "B:\(bool)"
        case .dateTime(let time): "DT:\(time.ticks) \(time.zone.dump)"
        case .timeSpan(let time): "TS:\(time.ticks)"
        case .uint8(let number): "By:\(number)"
        case .int8(let number): "SB:\(number)"
        case .uint16(let number): "U16:\(number)"
        case .int16(let number): "I16:\(number)"
        case .uint32(let number): "U32:\(number)"
        case .int32(let number): "I32:\(number)"
        case .uint64(let number): "U64:\(number)"
        case .int64(let number): "I64:\(number)"
        case .single(let number): "Sg:" + (number.isNaN ? "nan" : number.bitPattern.hexadecimal)
        case .double(let number): "Db:" + (number.isNaN ? "nan" : number.bitPattern.hexadecimal)
        case .decimal(let number):
            "D:" + String(decoding: encodeCLIXML(.decimal(number)).dropFirst(3).dropLast(4), as: UTF8.self)
        case .bytes(let bytes): "BA:" + bytes.map(\.hexadecimal).joined()
        case .secureString(let bytes): "SS:" + bytes.map(\.hexadecimal).joined()
        case .guid(let guid): "G:\(guid)"
        case .version(let version): "Version:\(version)"
        case .object(let object): object.dump
        case .ancestor(let levels): "^\(levels)"
        }
    }
}

extension PSObject {
    fileprivate var dump: String {
        func joined(_ values: [PSValue]) -> String { values.map(\.dump).joined(separator: ",") }
        func joined(_ properties: [PSProperty]) -> String {
            properties.map { PSString($0.name).dump + "=" + $0.value.dump }.joined(separator: ",")
        }
        let content =
            switch base {
            case .none: ""
            case .value(let value): value.dump
            case .list(let elements): "LST(\(joined(elements)))"
            case .queue(let elements): "QUE(\(joined(elements)))"
            case .stack(let elements): "STK(\(joined(elements)))"
            case .enumerable(let elements): "IE(\(joined(elements)))"
            case .dictionary(let entries):
                "DCT(" + entries.map { $0.key.dump + "=" + $0.value.dump }.joined(separator: ",") + ")"
            }
        let parts = [
            typeNames.joined(separator: ","), toString?.dump ?? "-", content, joined(adapted), joined(extended),
        ]
        return "{" + parts.joined(separator: "|") + "}"
    }
}

extension PSString {
    fileprivate var dump: String { units.map(\.hexadecimal).joined() }
}

extension PSDateTime.Zone {
    /// Python has one kind of UTC: Z and an offset of nothing are the same.
    fileprivate var dump: String {
        switch self {
        case .unspecified: "-"
        case .utc: "0"
        case .offset(let minutes): "\(minutes)"
        }
    }
}

extension FixedWidthInteger {
    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.utf8.count) + digits
    }
}
