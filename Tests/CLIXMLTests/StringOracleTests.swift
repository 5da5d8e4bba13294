import CLIXML
import Testing

/// 3,000 strings and what PowerShell's serializer makes of them.
struct StringOracleTests {
    struct Line: Decodable {
        let units: [UInt16]
        let xml: String?
    }

    @Test("Strings are written and read as PowerShell's serializer does it")
    func agrees() throws {
        let lines = try Fixtures.lines(of: "clixml-strings.jsonl", as: Line.self)
        #expect(lines.count == 3000)
        for line in lines {
            let string = PSValue.string(PSString(units: line.units))
            let encoded = encodeCLIXML(string)
            if let xml = line.xml {
                #expect(encoded == xml.bytes, "\(line.units)")
                #expect(try decodeCLIXML(xml.bytes) == string, "\(line.units)")
            }
            #expect(try decodeCLIXML(encoded) == string, "\(line.units)")
        }
    }

    /// PowerShell's serializer refuses a string with U+FFFE or U+FFFF, its deserializer takes both escaped: a line of
    /// output must not fail for them, so psrun's encoder escapes them.
    @Test("Units that PowerShell refuses to write are escaped")
    func escapesWhatPowerShellRefuses() throws {
        let lines = try Fixtures.lines(of: "clixml-strings.jsonl", as: Line.self)
        let refused = lines.filter { $0.xml == nil }
        #expect(!refused.isEmpty)
        for line in refused { #expect(line.units.contains { $0 >= 0xFFFE }) }
        #expect(encodeCLIXML(.string(PSString(units: [0xFFFE, 0xFFFF]))) == "<S>_xFFFE__xFFFF_</S>".bytes)
    }

    @Test(
        "The names of properties are escaped like strings, and as attributes",
        arguments: [
            ("a_x0041_\n", "a_x005F_x0041__x000A_"), ("\"<&>'", "&quot;&lt;&amp;&gt;'"), ("_", "_"), ("x_", "x_"),
        ]
    )
    func names(name: String, escaped: String) throws {
        let value = PSValue.properties([(name, .int32(1))])
        let xml = "<Obj RefId=\"0\"><MS><I32 N=\"\(escaped)\">1</I32></MS></Obj>"
        #expect(encodeCLIXML(value) == xml.bytes)
        #expect(try decodeCLIXML(xml.bytes) == value)
    }
}
