import CLIXML
import Foundation
import Testing

struct LimitTests {
    private func code(of xml: String, _ limits: CLIXMLLimits = .standard) -> CLIXMLError.Code? {
        do {
            _ = try decodeCLIXML(xml.bytes, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    /// An object around another one: as the outermost, within another one, what stands in the innermost, the end.
    struct Wrapping {
        let outermost: String
        let inner: String
        var innermost = ""
        let end: String

        static let all = [
            Wrapping(outermost: "<Obj>", inner: "<Obj>", end: "</Obj>"),
            Wrapping(outermost: "<Obj><LST>", inner: "<Obj><LST>", end: "</LST></Obj>"),
            Wrapping(outermost: "<Obj><MS>", inner: #"<Obj N="a"><MS>"#, end: "</MS></Obj>"),
            Wrapping(
                outermost: #"<Obj><DCT><En><S N="Key" />"#,
                inner: #"<Obj N="Value"><DCT><En><S N="Key" />"#,
                innermost: #"<Nil N="Value" />"#,
                end: "</En></DCT></Obj>"
            ),
        ]

        func nested(_ depth: Int) -> String {
            outermost + String(repeating: inner, count: depth - 1) + innermost + String(repeating: end, count: depth)
        }
    }

    @Test("A document may have so many bytes and not one more")
    func bytes() {
        #expect(code(of: "<S>12345</S>", CLIXMLLimits(documentBytes: 12)) == nil)
        #expect(code(of: "<S>12345</S>", CLIXMLLimits(documentBytes: 11)) == .tooLarge)
    }

    @Test("Objects may stand so deep within each other and not one deeper", arguments: Wrapping.all)
    func depth(wrapping: Wrapping) {
        #expect(code(of: wrapping.nested(10), CLIXMLLimits(depth: 10)) == nil)
        #expect(code(of: wrapping.nested(11), CLIXMLLimits(depth: 10)) == .tooDeep)
    }

    @Test("A document that nests without end is refused, and no limit goes beyond the greatest depth")
    func depthWithoutEnd() {
        #expect(code(of: String(repeating: "<Obj><LST>", count: 1_000_000)) == .tooDeep)
        #expect(CLIXMLLimits(depth: 1000).depth == CLIXMLLimits.greatestDepth)
    }

    /// Each object has the one before it in it: what a Ref repeats counts with its own depth.
    @Test("References count with the depth of what they repeat")
    func depthByReferences() {
        var xml = #"<Obj RefId="0" /><Obj RefId="1"><LST><Ref RefId="0" /></LST></Obj>"#
        for number in 2..<80 { xml += #"<Obj RefId="\#(number)"><LST><Ref RefId="\#(number - 1)" /></LST></Obj>"# }
        #expect(code(of: "<Obj><LST>\(xml)</LST></Obj>") == .tooDeep)
    }

    @Test("A document may hold so many values and not one more")
    func values() {
        let list = "<Obj><LST>" + String(repeating: "<Nil />", count: 9) + "</LST></Obj>"
        #expect(code(of: list, CLIXMLLimits(values: 10)) == nil)
        #expect(code(of: list, CLIXMLLimits(values: 9)) == .tooManyValues)
    }

    /// Ten references to each object before it: 10^40 values in 6 KB.
    @Test("Values that references multiply are counted as often as they appear")
    func expansion() {
        var xml = #"<Obj RefId="0"><S>a</S></Obj>"#
        for number in 1..<40 {
            xml += #"<Obj RefId="\#(number)"><LST>"#
            xml += String(repeating: #"<Ref RefId="\#(number - 1)" />"#, count: 10)
            xml += "</LST></Obj>"
        }
        #expect(code(of: "<Obj><LST>\(xml)</LST></Obj>") == .tooManyValues)
    }

    /// One text, repeated by objects and by type names: few values, and no end of text.
    @Test(
        "Text that references repeat counts each time against the bound in bytes",
        arguments: [
            (#"<ToString>"#, #"</ToString>"#, #"<Ref RefId="1" />"#),
            (#"<TN RefId="1"><T>"#, #"</T></TN>"#, #"<Obj><TNRef RefId="1" /></Obj>"#),
        ]
    )
    func repeatedText(begin: String, end: String, repetition: String) {
        let text = begin + String(repeating: "a", count: 1000) + end
        let list = { (count: Int) in
            #"<Obj><LST><Obj RefId="1">\#(text)</Obj>\#(String(repeating: repetition, count: count))</LST></Obj>"#
        }
        #expect(code(of: list(10), CLIXMLLimits(documentBytes: 12_000)) == nil)
        #expect(code(of: list(20), CLIXMLLimits(documentBytes: 12_000)) == .tooLarge)
    }

    /// The same with references to what is around, which have to be counted anew at each place.
    @Test("References to objects around them are counted anew at each place")
    func expansionOfWhatRefersAround() {
        var xml = #"<Obj RefId="0"><LST><Ref RefId="100" /></LST></Obj>"#
        for number in 1..<40 {
            xml += #"<Obj RefId="\#(number)"><LST>"#
            xml += String(repeating: #"<Ref RefId="\#(number - 1)" />"#, count: 10)
            xml += "</LST></Obj>"
        }
        #expect(
            code(of: #"<Obj RefId="100"><LST>\#(xml)</LST></Obj>"#, CLIXMLLimits(values: 100_000)) == .tooManyValues
        )
    }

    /// The deepest document allowed is decoded, compared, hashed and encoded on the stack of a thread of 512 KiB.
    @Test("The deepest document that is allowed fits the stack of a thread of 512 KiB", arguments: Wrapping.all)
    func theGreatestDepthFitsASmallStack(wrapping: Wrapping) async {
        let xml = wrapping.nested(CLIXMLLimits.greatestDepth)
        let survived = await withCheckedContinuation { continuation in
            let thread = Thread {
                let values = (0..<2).compactMap { _ in try? decodeCLIXML(xml.bytes) }
                let isSame = values.count == 2 && values[0] == values[1] && Set(values).count == 1
                continuation.resume(returning: isSame && !encodeCLIXML(values[0]).isEmpty)
            }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(survived)
    }

    @Test("A secure string is as long as a SecureString can be, and not one byte longer")
    func secureStrings() {
        func xml(_ count: Int) -> String { "<SS>\(Data(repeating: 0x41, count: count).base64EncodedString())</SS>" }
        let most = CLIXMLLimits.standard.secureStringBytes
        #expect(most == 65_536 * 2 + 16)
        #expect(code(of: xml(most)) == nil)
        #expect(code(of: xml(most + 1)) == .tooLarge)
        #expect(code(of: xml(11_200_000)) == .tooLarge)
    }
}
