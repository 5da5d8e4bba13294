import Testing

@testable import CLIXML

@Suite struct XMLReaderTests {
    private func reader(_ text: String, depth: Int = 8, elements: Int = 100) throws -> XMLReader {
        try XMLReader(Array(text.utf8), depth: depth, elements: elements)
    }

    @Test("Elements and attributes have their namespaces, which end with the element that binds them")
    func namespaces() throws {
        var xml = try reader(
            "<a xmlns='u' xmlns:p=\"v\"><p:b x='1' p:y='&lt;2'/><c xmlns=''><d/></c><e xmlns:p='w'><p:f/></e><p:g/></a>"
        )
        let root = try xml.root()
        #expect(root.namespace == "u" && root.name == "a" && root.attributes.isEmpty)
        let b = try #require(try xml.child(of: root))
        #expect(b.namespace == "v" && b.name == "b")
        #expect(b.attribute("x") == "1" && b.attribute("p:y") == "<2" && b.attribute("y") == nil)
        #expect(try xml.child(of: b) == nil)
        let c = try #require(try xml.child(of: root))
        let d = try #require(try xml.child(of: c))
        #expect(c.namespace == "" && d.namespace == "" && d.name == "d")
        #expect(try xml.text(of: d).isEmpty)
        #expect(try xml.child(of: c) == nil)
        let e = try #require(try xml.child(of: root))
        let f = try #require(try xml.child(of: e))
        #expect(e.namespace == "u" && f.namespace == "w")
        try xml.skip(f)
        #expect(try xml.child(of: e) == nil)
        let g = try #require(try xml.child(of: root))
        #expect(g.namespace == "v")
        try xml.skip(g)
        #expect(try xml.child(of: root) == nil)
        try xml.end()
    }

    @Test("Text is read with its references, of one element or of all in it")
    func texts() throws {
        var xml = try reader(
            "<a><b>1 &amp; <![CDATA[<2>]]></b><c> x<d>y&#33;</d><e/>z <!-- no --></c><f><g>h</g> i</f></a>"
        )
        let root = try xml.root()
        let b = try #require(try xml.child(of: root))
        #expect(String(decoding: try xml.text(of: b), as: UTF8.self) == "1 & <2>")
        let c = try #require(try xml.child(of: root))
        #expect(String(decoding: try xml.allText(of: c), as: UTF8.self) == " xy!z ")
        let f = try #require(try xml.child(of: root))
        #expect(String(decoding: try xml.skip(f), as: UTF8.self) == "<g>h</g> i")
        #expect(try xml.child(of: root) == nil)
    }

    @Test(
        "What is not well-formed, or names what is not bound, is refused",
        arguments: [
            "", "x", "<a", "<a>", "<a></b>", "<a x=1/>", "<a x='1' x='2'/>", "<p:a/>", "<a/>x", "<a/><b/>",
            "<a>&b;</a>", "<!DOCTYPE a><a/>", "<a x='<'/>", "<a x/>",
        ]
    )
    func malformed(_ text: String) {
        #expect(throws: CLIXMLError.self) {
            var xml = try reader(text)
            let root = try xml.root()
            _ = try xml.allText(of: root)
            try xml.end()
        }
    }

    @Test("Depth and number of elements are bounded, whichever way they are read")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        for (depth, isTaken) in [(8, true), (9, false), (100_000, false)] {
            for reads in [0, 1] {
                var xml = try reader(nested(depth), elements: 1_000_000)
                let root = try xml.root()
                let code: CLIXMLError.Code?
                do throws(CLIXMLError) {
                    if reads == 0 { _ = try xml.skip(root) } else { _ = try xml.allText(of: root) }
                    code = nil
                } catch {
                    code = error.code
                }
                #expect(code == (isTaken ? nil : .tooDeep))
            }
        }
        var xml = try reader("<a><b/><b/></a>", elements: 2)
        let root = try xml.root()
        let b = try #require(try xml.child(of: root))
        try xml.skip(b)
        let error = #expect(throws: CLIXMLError.self) { try xml.child(of: root) }
        #expect(error?.code == .tooManyValues)
    }
}
