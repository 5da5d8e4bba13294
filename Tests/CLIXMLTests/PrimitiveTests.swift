import CLIXML
import Testing

/// What neither the oracle nor a capture has.
struct PrimitiveTests {
    @Test(
        "Values that are written otherwise than they were read, as .NET does",
        arguments: [
            ("<Db>-0</Db>", "<Db>-0</Db>"), ("<Db>.5</Db>", "<Db>0.5</Db>"), ("<Db>1e400</Db>", "<Db>INF</Db>"),
            ("<Db>1E-400</Db>", "<Db>0</Db>"), ("<Db>123456789012345678</Db>", "<Db>1.2345678901234568E+17</Db>"),
            ("<Db>0.0001</Db>", "<Db>0.0001</Db>"), ("<Sg>2116687700</Sg>", "<Sg>2.1166877E+09</Sg>"),
            ("<D>-0.00</D>", "<D>0.00</D>"), ("<D>.5</D>", "<D>0.5</D>"),
            ("<D>0.00000000000000000000000000005</D>", "<D>0.0000000000000000000000000000</D>"),
            ("<D>0.00000000000000000000000000015</D>", "<D>0.0000000000000000000000000002</D>"),
            ("<D>7922816251426433759354395033.59</D>", "<D>7922816251426433759354395034</D>"),
            ("<DT>2026-01-02T24:00:00Z</DT>", "<DT>2026-01-03T00:00:00Z</DT>"),
            ("<DT>2024-02-29T23:59:59.99999999-05:30</DT>", "<DT>2024-03-01T00:00:00-05:30</DT>"),
            ("<TS>P1M</TS>", "<TS>P30D</TS>"), ("<TS>PT90M</TS>", "<TS>PT1H30M</TS>"),
            ("<G>(0123456789ABCDEF0123456789ABCDEF)</G>", nil), ("<Version>1.2.3.4.5</Version>", nil),
            ("<G>0123456789ABCDEF0123456789ABCDEF</G>", "<G>01234567-89ab-cdef-0123-456789abcdef</G>"),
            ("<Version>1.-2</Version>", nil), ("<TS>P</TS>", nil), ("<TS>PT</TS>", nil), ("<TS>PT1M1H</TS>", nil),
            ("<TS>P1.5D</TS>", nil), ("<DT>2026-13-01</DT>", nil), ("<DT>0000-01-01</DT>", nil),
            ("<DT>2026-01-02T03:04:05+14:01</DT>", nil), ("<DT>9999-12-31T24:00:00</DT>", nil), ("<Db>0x1p3</Db>", nil),
            ("<Db>1e</Db>", nil), ("<Db></Db>", nil), ("<D>1.</D>", "<D>1</D>"), ("<D>.</D>", nil),
            ("<U32>-1</U32>", nil),
            ("<BA>=</BA>", nil), ("<BA>AA==AA==</BA>", nil), ("<BA>A===</BA>", nil), ("<BA></BA>", "<BA></BA>"),
        ] as [(String, String?)]
    )
    func rewritten(xml: String, written: String?) throws {
        guard let written else {
            let error = #expect(throws: CLIXMLError.self) { try decodeCLIXML(xml.bytes) }
            #expect(error?.code == .invalidValue)
            return
        }
        #expect(try String(decoding: encodeCLIXML(decodeCLIXML(xml.bytes)), as: UTF8.self) == written)
    }

    @Test(
        "What is not plain in a text is read wherever it stands",
        arguments: [
            ("&lt;", "<"), ("\r\n", "\n"), ("\r", "\n"), ("_x000D_", "\r"), ("<!-- -->", ""), ("_", "_"), ("%", "%"),
            ("=", "="),
        ]
    )
    func whatIsNotPlain(written: String, read: String) throws {
        for before in 0...9 {
            for behind in 0...9 {
                let (head, tail) = (String(repeating: "ä", count: before), String(repeating: "b", count: behind))
                let value = try decodeCLIXML("<S>\(head)\(written)\(tail)</S>".bytes)
                #expect(value == .string(PSString(head + read + tail)))
            }
        }
    }

    @Test("Bytes may have blanks between their letters, at any place")
    func bytesMayHaveBlanks() throws {
        let letters = Array("AAECAwQFBgcICQ==")
        for place in 0...letters.count {
            let text = String(letters[..<place]) + " \n\t" + String(letters[place...])
            #expect(
                try String(decoding: encodeCLIXML(decodeCLIXML("<BA>\(text)</BA>".bytes)), as: UTF8.self)
                    == "<BA>AAECAwQFBgcICQ==</BA>"
            )
        }
    }

    /// As `powershell -OutputFormat XML` writes one; nothing of PSRP's own does.
    @Test("A progress record is read as an object")
    func aProgressRecordIsAnObject() throws {
        let value = try decodeCLIXML(
            "<PR><AV>a_x000A_</AV><AI>1</AI><Nil /><PI>-1</PI><PC>50</PC><T>Completed</T><SR>-1</SR><SD> </SD></PR>"
                .bytes
        )
        #expect(value.objectValue?.typeNames.first == "System.Management.Automation.ProgressRecord")
        #expect(value["Activity"] == .string("a\n"))
        #expect(value["percentcomplete"] == .int32(50))
        #expect(value["CurrentOperation"] == .null)
        #expect(value["RecordType"] == .string("Completed"))
    }

    @Test("Properties are found whatever their letter case")
    func propertiesAreFoundWhateverTheirLetterCase() {
        let object = PSObject(
            base: .value(.object(PSObject(adapted: [PSProperty("Inner", .int32(4))]))),
            adapted: [PSProperty("name", .int32(1)), PSProperty("Only", .int32(2))],
            extended: [PSProperty("NAME", .int32(3))]
        )
        #expect(object["name"] == .int32(3))
        #expect(object["oNLY"] == .int32(2))
        #expect(object["inner"] == .int32(4))
        #expect(object["nam"] == nil)
        #expect(object["n@me"] == nil)
    }

    /// Strings are the same when their UTF-16 units are, not when they look the same.
    @Test("Strings are compared unit by unit")
    func stringsAreComparedByUnit() {
        #expect(PSString("é") != PSString("e\u{301}"))
        #expect(PSString(units: [0xD83D, 0xDE00]) == PSString("😀"))
        #expect(PSString(units: [0xD83D]).text == "\u{FFFD}")
        #expect(Set([PSString("é"), PSString(units: [0xE9])]).count == 1)
    }
}
