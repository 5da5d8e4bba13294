import CLIXML
import Testing

/// 94 documents, most of them odd, and what PowerShell's deserializer made of them.
struct OddInputOracleTests {
    struct Line: Decodable {
        struct Result: Decodable {
            let type: String?
            let units: [UInt16]?
            /// What PowerShell made of it, serialized again and indented.
            let xml: String?
            let ticks: Int64?
            let kind: String?
            let hex: String?
            let null: Bool?
            let error: String?
        }

        let xml: String
        let result: Result
    }

    /// Where psrun reads otherwise than PowerShell on purpose, and why; it keeps what was sent.
    private static let deviations: [String: String] = {
        let untyped = "an object that names no type has none"
        return [
            "<XD>&lt;a/&gt;</XD>": "a document's text is kept; PowerShell parses and rewrites it",
            "<SBK>1+1</SBK>": "a script block stays one; PowerShell makes it a string",
            #"<Obj RefId="0"><TN RefId="0"><T>My.Type</T></TN><ToString>hi</ToString><Props><S N="p">v</S></Props></Obj>"#:
                "type names are as they were sent, without Deserialized. before them",
            #"<Obj RefId="0"><IE><I32>1</I32></IE></Obj>"#: "an enumerable stays one; PowerShell makes it a list",
            #"<Obj RefId="0"><LST><I32>1</I32></LST></Obj>"#: untyped,
            #"<Obj RefId="0"><LST/></Obj>"#: untyped,
            #"<Obj RefId="0"><QUE><I32>1</I32></QUE></Obj>"#: untyped,
            #"<Obj RefId="0"><STK><I32>1</I32><I32>2</I32></STK></Obj>"#: untyped,
            #"<Obj RefId="0"><DCT><En><S N="Key">a</S><I32 N="Value">1</I32></En></DCT></Obj>"#: untyped,
            #"<Obj RefId="0"><DCT><En><S N="Key">a</S><I32 N="Value">1</I32></En>"#
                + #"<En><S N="Key">A</S><I32 N="Value">2</I32></En></DCT></Obj>"#: untyped,
            #"<Obj RefId="0"><MS><S N="a">1</S></MS></Obj>"#: untyped,
        ]
    }()

    @Test("Odd documents are read as PowerShell reads them, but for listed deviations")
    func agrees() throws {
        let lines = try Fixtures.lines(of: "clixml-decode.jsonl", as: Line.self)
        #expect(lines.count == 94)
        for line in lines {
            if let error = line.result.error {
                #expect(throws: CLIXMLError.self, "\(line.xml): \(error)") { try decodeCLIXML(line.xml.bytes) }
                continue
            }
            let value = try decodeCLIXML(line.xml.bytes)
            if let reason = Self.deviations[line.xml] {
                #expect(encodeCLIXML(value) == line.xml.replacing("/>", with: " />").bytes, "\(line.xml): \(reason)")
            } else {
                expect(value, toBe: line)
            }
        }
        #expect(Set(lines.map(\.xml)).isSuperset(of: Self.deviations.keys))
    }

    private func expect(_ value: PSValue, toBe line: Line) {
        let result = line.result
        switch value {
        case .null: #expect(result.null == true, "\(line.xml)")
        case .string(let string): #expect(string.units == result.units, "\(line.xml)")
        case .bytes(let bytes):
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(digits == result.hex, "\(line.xml)")
        case .timeSpan(let time): #expect(time.ticks == result.ticks, "\(line.xml)")
        case .dateTime(let time):
            // PowerShell turns an offset into local time, which was UTC where the oracle was made.
            let (kind, minutes) =
                switch time.zone {
                case .unspecified: ("Unspecified", 0)
                case .utc: ("Utc", 0)
                case .offset(let minutes): ("Local", minutes)
                }
            #expect(kind == result.kind, "\(line.xml)")
            #expect(time.ticks - Int64(minutes) * 600_000_000 == result.ticks, "\(line.xml)")
        default:
            #expect(encodeCLIXML(value) == result.xml?.replacing(/\n */, with: "").bytes, "\(line.xml)")
        }
    }
}
