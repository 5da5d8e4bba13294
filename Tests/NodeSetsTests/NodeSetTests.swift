import NodeSets
import PSRunTestSupport
import Testing

struct NodeSetTests {
    @Test(
        "Digits that touch a bracket are refused where joining them means other nodes, with both readings",
        arguments: [
            ("n1[8-11]", "n[18-19,110-111]", "n[18-111]"),
            ("n9[9-10].ex", "n[99,910]", "n[99-910]"),
            ("rack[1-2]-n1[8,9,10]", "rack[1-2]-n[18-19,110]", "rack[1-2]-n[18-110]"),
            ("n0[9-10]", "n[09,010]", "an error"),
            ("n1[-3]", "n1-3", "n[1-13]"),
            ("n[-3-3]0", "n[-30,-20,-10,00,10,20,30]", "n[-30,-20,-10,0,10,20,30]"),
        ]
    )
    func digitsBesideABracket(text: String, written: String, joined: String) throws {
        let error = try #require(refusal(of: text))
        #expect(error.code == .digitsBesideBracket)
        #expect(error.message.contains(joined), "\(error.message)")
        #expect(error.message.contains(written), "\(error.message)")
    }

    @Test(
        "Digits that touch a bracket are read where both readings are the same",
        arguments: [("n10[0-9]", "n[100-109]"), ("n[8-11]0", "n[80,90,100,110]"), ("n1[1-2]0", "n[110,120]")]
    )
    func harmlessDigits(text: String, fold: String) throws {
        #expect(try read(text).folded == fold)
    }

    @Test("A node that is written with a negative number, and as a name with a dash, is refused")
    func writtenTwice() {
        #expect(refusal(of: "node[-5-3]!node-5")?.code == .writtenTwice)
        #expect(refusal(of: "node-5,node[-5]")?.code == .writtenTwice)
        #expect(refusal(of: "node-6,node[-5]") == nil)
    }

    @Test("Numbers beyond any machine word are counted, folded and read back")
    func longNumbers() throws {
        let serial = "90000000000000000000000000001"
        #expect(try read("vm\(serial)").names == ["vm\(serial)"])
        let nodes = NodeSet(names: (8...11).map { "vm9000000000000000000000000\($0 < 10 ? "0" : "")\($0)" })
        #expect(nodes.folded == "vm[900000000000000000000000008-900000000000000000000000011]")
        #expect(try read(nodes.folded) == nodes)
        #expect(refusal(of: "n\(String(repeating: "9", count: 101))")?.code == .numberTooLong)
        #expect(refusal(of: "n[1-1\(String(repeating: "0", count: 30))]")?.code == .numberTooLong)
        #expect(try read("n[+1]").names == ["n1"])
        #expect(refusal(of: "n[+0-3]")?.code == .notANumber)
        #expect(try read("n[1-9/99999999999999999999]").names == ["n1"])
    }

    @Test("What is read is bounded, and the bound is named")
    func bounds() {
        var limits = NodeSetLimits()
        limits.hosts = 100
        limits.textBytes = 1000
        limits.effort = 500
        #expect(refusal(of: "n[1-100]", limits: limits) == nil)
        #expect(refusal(of: "n[1-101]", limits: limits)?.code == .tooManyHosts)
        #expect(refusal(of: "n[1-11]x[1-10]", limits: limits)?.code == .tooManyHosts)
        #expect(refusal(of: "n[1-60],m[1-60]", limits: limits)?.code == .tooManyHosts)
        #expect(refusal(of: String(repeating: "n[1-100],", count: 6) + "n1", limits: limits)?.code == .tooManyHosts)
        #expect(refusal(of: String(repeating: "a", count: 1001), limits: limits)?.code == .textTooLong)
        #expect(refusal(of: String(repeating: "a", count: 4097))?.code == .nameTooLong)
        #expect(refusal(of: "n[1-999999999]")?.code == .tooManyHosts)
        #expect(refusal(of: "n[1-200001]")?.code == .tooManyHosts)
        // What costs is not only what is left.
        let many = (1...5).map { "n[1-200000]!n[\($0)-200000]" }.joined(separator: ",")
        #expect(refusal(of: many)?.code == .tooManyHosts)
    }

    @Test(
        "Digits, blanks and commands that only look like a name's are refused",
        arguments: ["n٣", "n1\u{A0}", "n\u{1B}[1]"]
    )
    func unusualCharacters(text: String) {
        #expect(refusal(of: text)?.code == .unusualCharacter)
    }

    @Test("A name that a node set would read otherwise is told apart from one that pastes back")
    func writableNames() {
        for name in ["web1", "bob@web1:2222", "2001:db8::1", "a b", "n-5", "x%s1"] {
            #expect(NodeSet.canBeWritten(name), "\(name)")
        }
        for name in ["[::1]:22", "a,b", "@web", "web*", "a!b", " a", "", "n\n1", "n٣"] {
            #expect(!NodeSet.canBeWritten(name), "\(name)")
        }
    }

    @Test("Lines of one argument are node sets of their own")
    func lines() throws {
        #expect(try read("n[1-2]\nn5\r\nn3").folded == "n[1-3,5]")
    }

    @Test("Names that differ in how an accent is encoded are two")
    func accents() {
        #expect(NodeSet(names: ["caf\u{E9}1", "cafe\u{301}1"]).count == 2)
    }

    @Test("Names fold as literal text, and what they fold to covers each of them once")
    func randomNamesFoldAndReadBack() throws {
        var random = SplitMix64(seed: 31)
        for round in 0..<60 {
            let dimensions = Int.random(in: 1...4, using: &random)
            let names = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                (0..<dimensions).map { axis in
                    let number = String(Int.random(in: 0...6, using: &random))
                    return "\(["r", "-n", "s", "."][axis])\(Bool.random(using: &random) ? "0" : "")\(number)"
                }.joined()
            }
            let nodes = NodeSet(names: names)
            let back = try read(nodes.folded)
            #expect(Set(back.names) == Set(names), "round \(round)")
            #expect(back.names == nodes.names && back.folded == nodes.folded)
        }
    }

    @Test("Ten thousand nodes on a diagonal, which cannot be folded, take a moment and not hours")
    func diagonal() {
        let nodes = NodeSet(names: (1...10_000).map { "a\($0)b\($0)" })
        #expect(nodes.folded.split(separator: ",").count == 10_000)
    }
}
