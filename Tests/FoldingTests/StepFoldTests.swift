import Folding
import NodeSets
import PSRunTestSupport
import Testing

@Suite("Folding")
struct StepFoldTests {
    private func folded(_ outputs: [(name: String, line: Int, text: String, ending: String)]) -> StepFold<String> {
        var fold = StepFold<String>()
        for (index, output) in outputs.enumerated() {
            var text = output.text
            let digest = text.withUTF8 { TextDigest($0, of: HostNames([output.name])) }
            fold.add(
                target: index,
                FoldedStep(firstLine: output.line, lastLine: output.line),
                text: "uptime",
                ending: output.ending,
                digest: digest
            ) { output.text }
        }
        return fold
    }

    @Test("Steps come in the playbook's order, of each the largest class first, then by its first target")
    func order() {
        let fold = folded([
            ("a", 2, "x", ""), ("b", 2, "odd", ""), ("c", 2, "x", ""), ("d", 1, "late", ""), ("e", 2, "y", ""),
            ("f", 2, "y", ""),
        ])
        #expect(fold.steps.map(\.step.firstLine) == [1, 2])
        #expect(fold.steps.last?.classes.map(\.targets) == [[0, 2], [4, 5], [1]])
        #expect(fold.steps.last?.classes.map(\.copy) == ["x", "y", "odd"])
        #expect(StepFold<String>().steps.isEmpty && StepFold<String>().isEmpty)
    }

    @Test("The same output with another ending is another class, and a host's own name is not")
    func endings() {
        let fold = folded([
            ("web01", 1, "web01", ""), ("web02", 1, "web02\n", ""), ("web03", 1, "web03", "error, exit code 1"),
        ])
        let classes = fold.steps[0].classes
        #expect(classes.map(\.targets) == [[0, 1], [2]])
        #expect(classes.map(\.ending) == ["", "error, exit code 1"])
        let names = ["web01", "web02", "web03"]
        let headings = classes.map { each in
            FoldHeading.text(
                of: each,
                names: each.targets.map { names[$0] },
                shown: names[each.shown],
                isSilent: false
            )
        }
        #expect(classes[0].copy == "web01")
        #expect(headings == ["--- web[01-02] (2): as on web01", "--- web03: error, exit code 1"])
    }

    @Test("A host whose name is a word of what all hosts say is one of them, whichever comes first")
    func commonWords() {
        for outputs in [["debian", "web01", "web02"], ["web01", "debian", "web02"]] {
            let fold = folded(outputs.map { ($0, 1, "Debian 12", "") })
            #expect(fold.steps[0].classes.map(\.targets) == [[0, 1, 2]] && !fold.steps[0].classes[0].differs)
        }
    }

    @Test("A step's heading has its line and the first line of its text")
    func headings() {
        #expect(FoldHeading.text(of: "line 3", "df -h /srv") == "=== line 3: df -h /srv")
        #expect(FoldHeading.text(of: "lines 5 to 6", "if x\nfi") == "=== lines 5 to 6: if x …")
        #expect(FoldHeading.text(of: "lines 5 to 7", "# why\n\nls") == "=== lines 5 to 7: ls …")
        #expect(FoldHeading.text(of: "line 5", "# why") == "=== line 5: # why")
        #expect(FoldHeading.text(of: "profile", "") == "=== profile")
        #expect(FoldHeading.text(of: "line 1", String(repeating: "x", count: 500)).count < 150)
    }

    @Test("Any set of targets folds to a label that reads back to the same targets")
    func labelsReadBack() throws {
        var random = SplitMix64(seed: 1)
        let forms: [(Int) -> String] = [
            { "web\($0)" }, { "web" + String(String(1_000 + $0).dropFirst()) }, { "op@db\($0 % 40):2222" },
            { "rack\($0 % 7)-node\($0 / 7)" }, { "10.0.\($0 % 3).\($0)" }, { "n\($0).example.org" }, { _ in "mail" },
            { "fe80::\($0)" }, { "x\($0)y\($0 % 5)" }, { "sw-\($0)" },
        ]
        for _ in 0..<300 {
            let names = Set(
                (0..<Int.random(in: 1...60, using: &random)).map { _ in
                    forms[Int.random(in: 0..<forms.count, using: &random)](Int.random(in: 0...300, using: &random))
                }
            )
            let label = HostLabel.text(Array(names))
            var reader = NodeSetReader()
            #expect(Set(try reader.read(label).names) == names, "\(label)")
        }
    }

    @Test("Names that no node set can hold stand in a label as they are")
    func oddNames() {
        #expect(HostLabel.text(["[fe80::1]:22"]) == "[fe80::1]:22")
        #expect(HostLabel.text(["web2", "[fe80::1]:22", "web1"]) == "web[1-2],[fe80::1]:22")
        #expect(HostLabel.text([]) == "")
    }
}
