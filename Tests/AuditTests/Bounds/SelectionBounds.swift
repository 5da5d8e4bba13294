import Files
import Glibc
import NodeSets
import PSRunTestSupport
import Playbooks
import Testing
import YAML

/// The bounds of what people write: playbooks, lists, node sets, inventories. All of them are wrong usage.
enum SelectionBounds {
    private static let nodes = NodeSetLimits()

    static let cases: [String: BoundCase] = [
        "a playbook, a list of hosts, ssh_config": BoundCase(limit: mebibytes(FileContents.textBytes)) {
            try fileOneTooLong(for: FileContents.textBytes) { path throws(FileFailure) in
                _ = try FileContents.text(path)
            }
        },
        "a line of a playbook": BoundCase(limit: "below \(mebibytes(Playbook.lineLimit))") {
            func read(_ count: Int) throws { _ = try Playbook(bytes: [UInt8](repeating: 0x78, count: count) + [0x0A]) }
            try read(Playbook.lineLimit - 1)
            return usage { try read(Playbook.lineLimit) }
        },
        "a file with a secret": BoundCase(limit: mebibytes(FileContents.secretBytes)) {
            try fileOneTooLong(for: FileContents.secretBytes) { path throws(FileFailure) in
                _ = try FileContents.secret(path)
            }
        },
        "a node set's text": BoundCase(limit: mebibytes(nodes.textBytes)) {
            func read(_ count: Int) throws {
                var reader = NodeSetReader()
                _ = try reader.read("web1" + String(repeating: " ", count: count - 4))
            }
            return usage { try read(nodes.textBytes + 1) }
        },
        "hosts of a node set": BoundCase(limit: "\(nodes.hosts)") {
            func read(_ count: Int) throws {
                var reader = NodeSetReader()
                #expect(try reader.read("web[1-\(count)]").count == count)
            }
            try read(nodes.hosts)
            return usage { try read(nodes.hosts + 1) }
        },
        "groups within groups": BoundCase(limit: "\(nodes.depth)") {
            func read(_ depth: Int) throws {
                var groups = Dictionary(uniqueKeysWithValues: (1..<depth).map { ("g\($0)", "@g\($0 + 1)") })
                groups["g\(depth)"] = "web1"
                let source = GroupSource(name: "local", file: "f", groups: .file(groups))
                var reader = NodeSetReader(groups: GroupResolver(sources: [source]))
                #expect(try reader.read("@g1").count == 1)
            }
            try read(nodes.depth)
            return usage { try read(nodes.depth + 1) }
        },
        "YAML and JSON of inventories": BoundCase(limit: "\(YAMLReader.deepest) levels") {
            func read(_ depth: Int) throws {
                let text = Array(
                    (String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)).utf8
                )
                _ = try YAMLReader.yaml(text)
                _ = try YAMLReader.json(text)
            }
            try read(YAMLReader.deepest)
            return usage { try read(YAMLReader.deepest + 1) }
        },
        "values of an inventory's file": BoundCase(limit: "\(YAMLReader.mostValues)") {
            // What an alias stands for counts each time.
            func read(_ values: Int) throws {
                let hundred = "[" + String(repeating: "x,", count: 98) + "x]"
                var text = "a: &a \(hundred)\n"
                for (name, part) in ["b": "a", "c": "b", "d": "c"].sorted(by: { $0.key < $1.key }) {
                    text += "\(name): &\(name) [" + String(repeating: "*\(part),", count: 10) + "]\n"
                }
                text += "e: [" + String(repeating: "*d,", count: values / 111_111) + "]\n"
                _ = try YAMLReader.yaml(Array(text.utf8))
            }
            try read(YAMLReader.mostValues / 2)
            return usage { try read(YAMLReader.mostValues * 2) }
        },
    ]

    private static func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }

    private static func usage(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "wrong usage (2)" }
        return ""
    }

    /// Reads a file that is as long as it may be, and one that is a byte longer.
    private static func fileOneTooLong(
        for limit: Int,
        _ read: (String) throws(FileFailure) -> Void
    ) throws -> String {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "file", mode: 0o600)
        #expect(truncate(path, off_t(limit)) == 0)
        try read(path)
        #expect(truncate(path, off_t(limit) + 1) == 0)
        do throws(FileFailure) { try read(path) } catch { return error.isTooLarge ? "wrong usage (2)" : error.reason }
        return ""
    }
}
