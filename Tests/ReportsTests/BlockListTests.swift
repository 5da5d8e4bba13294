import Playbooks
import RecordingFormat
import Reports
import Testing

@Suite("The list of a playbook's blocks")
struct BlockListTests {
    private static func target(_ name: String, _ text: String = "# why\n1\n2\n") throws -> BlockList.Target {
        let lines = try Playbook(bytes: Array(text.utf8)).lines
        let blocks = [PlaybookBlock(lines: lines[0...1], statementLine: 2), PlaybookBlock(lines: lines[2...2])]
        return BlockList.Target(name: name, cutter: .parser, blocks: blocks)
    }

    private static let down = BlockList.Target(
        name: "down",
        cutter: nil,
        blocks: [],
        failure: RecordedFailure(code: "ConnectionFailed", message: "down: no answer")
    )

    @Test("One target's blocks stand alone, each with its lines and its statement's first line")
    func oneTarget() throws {
        let list = BlockList(playbook: "a.ps1", targets: [try Self.target("web01")])
        #expect(list.text == "1-2  1\n  3  2\n")
    }

    @Test("Several have headings, and one without blocks has neither heading nor blocks")
    func severalTargets() throws {
        let list = BlockList(playbook: "a.ps1", targets: [try Self.target("web01"), Self.down])
        #expect(list.text == "=== web01: 2 blocks\n1-2  1\n  3  2\n")
    }

    @Test("A program is told of every target, with the reason where it has no blocks")
    func json() throws {
        let shell = BlockList.Target(name: "db01", cutter: .incremental(.posixShell), blocks: [])
        let list = BlockList(playbook: "a.ps1", targets: [try Self.target("web01"), Self.down, shell])
        let targets = list.json[.targets]?.array ?? []
        #expect(targets.map { $0[.target]?.string } == ["web01", "down", "db01"])
        #expect(targets.map { $0[.error]?[.code]?.string } == [nil, "ConnectionFailed", "BlocksNotAsked"])
        #expect(targets.map { $0[.blocks]?.string } == ["parser", nil, "incremental"])
        #expect(targets.map { $0[.steps]?.array?.count } == [2, 0, 0])
    }

    @Test("As JSON lines, each target is an object of its own")
    func jsonLines() throws {
        let list = BlockList(playbook: "a.ps1", targets: [try Self.target("web01"), Self.down])
        #expect(list.jsonLines.map { $0[.target]?.string } == ["web01", "down"])
        #expect(list.jsonLines.map { $0[.playbook]?.string } == ["a.ps1", "a.ps1"])
    }
}
