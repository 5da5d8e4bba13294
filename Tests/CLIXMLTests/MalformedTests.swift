import CLIXML
import PSRunTestSupport
import Testing

struct MalformedTests {
    private func error(of bytes: [UInt8]) -> CLIXMLError? {
        do {
            _ = try decodeCLIXML(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Each fault has its name and its place",
        arguments: [
            ("<S>a", CLIXMLError.Code.malformed, 4), ("<S>a</B>", .malformed, 4), ("<S>a</S><S>b</S>", .malformed, 8),
            ("text", .malformed, 0), ("<S><b/></S>", .malformed, 3), ("<S>&nbsp;</S>", .malformed, 3),
            ("<S>&</S>", .malformed, 3), ("<S>&#x110000;</S>", .malformed, 3), ("<S>&#;</S>", .malformed, 3),
            ("<S N=a>a</S>", .malformed, 5), ("<S N=\"a>a</S>", .malformed, 9),
            ("<S N=\"a\"B=\"b\">a</S>", .malformed, 8),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><S>&b;</S>", .malformed, 1), ("< S>a</S>", .malformed, 1),
            ("<S", .malformed, 2),
            ("<Obj><MS><S>a</S></MS></Obj>", .malformed, 10), ("<Obj>text</Obj>", .malformed, 5),
            ("<Obj><DCT><En><S N=\"Key\">a</S></En></DCT></Obj>", .malformed, 11), ("<Ref />", .malformed, 1),
            ("<Objs />", .unknownElement, 1), ("<Obj><TN><S>a</S></TN></Obj>", .unknownElement, 10),
            ("<Obj><DCT><S>a</S></DCT></Obj>", .unknownElement, 11), ("<LST />", .unknownElement, 1),
            ("<averylongname />", .unknownElement, 1), ("<a:S>a</a:S>", .unknownElement, 1),
            ("<Obj RefId=\"x\" />", .invalidValue, 11), ("<DT>2026-02-29</DT>", .invalidValue, 1),
            ("<TS>P10675200D</TS>", .invalidValue, 1), ("<D>79228162514264337593543950336</D>", .invalidValue, 1),
        ]
    )
    func faults(xml: String, code: CLIXMLError.Code, offset: Int) {
        let error = error(of: xml.bytes)
        #expect(error?.code == code, "\(xml)")
        #expect(error?.offset == offset, "\(xml)")
    }

    @Test("Bytes that are not UTF-8 are refused at their place")
    func bytesThatAreNoUTF8() {
        let error = error(of: "<S>a".bytes + [0xED, 0xA0, 0x80] + "</S>".bytes)
        #expect(error == CLIXMLError(.malformed, "the document is not UTF-8", at: 4))
    }

    @Test(
        "What XML allows around and between is passed over",
        arguments: [
            "\u{FEFF}<I32>1</I32>", "<?xml version=\"1.0\"?>\r\n<!-- a > b -->\n<I32>1</I32>\n<!---->",
            "<I32\n>1</I32 >",
            "<I32 xmlns='a' S = \"b\" >1</I32>", "<I32><!-- a -->1<?b c?></I32>", "<I32><![CDATA[1]]></I32>",
        ]
    )
    func miscellany(xml: String) throws {
        #expect(try decodeCLIXML(xml.bytes) == .int32(1))
    }

    @Test("An empty body is null, with a byte order mark or without")
    func anEmptyBodyIsNull() throws {
        #expect(try decodeCLIXML([]) == .null)
        #expect(try decodeCLIXML([0xEF, 0xBB, 0xBF]) == .null)
    }

    /// No beginning of a document is one, and none ends the program.
    @Test("A message that is cut off at any byte is an error")
    func truncatedAtEveryByte() throws {
        for message in try Fixtures.messages().filter({ 200..<1500 ~= $0.count }).prefix(10) {
            for length in 4..<message.count { #expect(error(of: Array(message.prefix(length))) != nil) }
        }
    }

    /// Whatever comes of a damaged document, it comes as a value or as an error, and a value can be written.
    @Test("A damaged message is a value that can be written again, or an error")
    func damaged() throws {
        var chance = SplitMix64(seed: 11)
        let messages = try Fixtures.messages().filter { $0.count < 3000 }
        let pieces = [
            "<", ">", "/", "&", "\"", "_x", "</", "<Obj RefId=\"0\">", "<Ref RefId=\"0\" />", "]]>", "<![CDATA[",
            "\u{0}",
        ]
        var errors = 0
        for _ in 0..<3000 {
            var bytes = try #require(messages.randomElement(using: &chance))
            for _ in 0..<Int.random(in: 1...3, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: try #require(pieces.randomElement(using: &chance)).utf8, at: place)
                }
                if bytes.isEmpty { break }
            }
            do {
                let value = try decodeCLIXML(bytes)
                let written = encodeCLIXML(value)
                #expect(try encodeCLIXML(decodeCLIXML(written)) == written)
            } catch {
                errors += 1
            }
        }
        #expect(errors > 1000)
    }
}
