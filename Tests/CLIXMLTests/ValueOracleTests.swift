import CLIXML
import Testing

/// 2,377 numbers, times and other primitives, and what PowerShell's serializer makes of them.
struct ValueOracleTests {
    struct Line: Decodable {
        let type: String
        let value: String
        let xml: String
    }

    @Test("Numbers, times and other primitives are written and read as PowerShell does it")
    func agrees() throws {
        let lines = try Fixtures.lines(of: "clixml-values.jsonl", as: Line.self)
        #expect(lines.count == 2377)
        for line in lines {
            let decoded = try decodeCLIXML(line.xml.bytes)
            // PowerShell indented what it serialized to a file; on the wire nothing is.
            let compact = line.xml.replacing(/\n */, with: "")
            #expect(encodeCLIXML(decoded) == compact.bytes, "\(line)")
            guard let expected = try value(of: line) else {
                #expect(decoded.objectValue?.typeNames.first == line.type, "\(line)")
                continue
            }
            if line.type == "System.Byte[]" {
                #expect(decoded.elements == [expected], "\(line)")
                #expect(
                    encodeCLIXML(expected) == compact.firstMatch(of: /<BA>.*<\/BA>/)?.output.utf8.map { $0 },
                    "\(line)"
                )
            } else if line.xml.contains("NaN") {
                #expect(encodeCLIXML(expected) == line.xml.bytes, "\(line)")
            } else {
                #expect(decoded == expected, "\(line)")
                #expect(encodeCLIXML(expected) == line.xml.bytes, "\(line)")
            }
        }
    }

    /// The value that the oracle names; nil for an object.
    private func value(of line: Line) throws -> PSValue? {
        let text = line.value
        switch line.type {
        case "System.Byte": return try .uint8(#require(UInt8(text)))
        case "System.SByte": return try .int8(#require(Int8(text)))
        case "System.Int16": return try .int16(#require(Int16(text)))
        case "System.UInt16": return try .uint16(#require(UInt16(text)))
        case "System.Int32": return try .int32(#require(Int32(text)))
        case "System.UInt32": return try .uint32(#require(UInt32(text)))
        case "System.Int64": return try .int64(#require(Int64(text)))
        case "System.UInt64": return try .uint64(#require(UInt64(text)))
        case "System.Double": return try .double(Double(bitPattern: #require(UInt64(text, radix: 16))))
        case "System.Single": return try .single(Float(bitPattern: #require(UInt32(text, radix: 16))))
        case "System.Char": return try .char(#require(UInt16(text)))
        case "System.TimeSpan": return try .timeSpan(PSTimeSpan(ticks: #require(Int64(text))))
        case "System.Guid": return try .guid(#require(PSGuid(text)))
        case "System.Uri": return .uri(PSString(text))
        case "System.Boolean": return .bool(text == "true")
        case "System.Version":
            return .version(PSVersionNumber(components: text.split(separator: ".").compactMap { Int32($0) }))
        case "System.DateTime":
            let parts = text.split(separator: " ")
            let zones: [Substring: PSDateTime.Zone] = [
                "Utc": .utc, "Unspecified": .unspecified, "Local": .offset(minutes: 0),
            ]
            return try .dateTime(PSDateTime(ticks: #require(Int64(parts[0])), zone: #require(zones[parts[1]])))
        case "System.Decimal":
            let digits = text.drop { $0 == "-" }
            let fraction = digits.split(separator: ".").dropFirst().first ?? ""
            return try .decimal(
                PSDecimal(
                    isNegative: text.hasPrefix("-"),
                    magnitude: #require(UInt128(digits.filter { $0 != "." })),
                    scale: UInt8(fraction.count)
                )
            )
        case "System.Byte[]":
            let digits = Array(text)
            return try .bytes(
                stride(from: 0, to: digits.count, by: 2).map {
                    try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
                }
            )
        default: return nil
        }
    }
}
