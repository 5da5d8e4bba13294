import Foundation
import NodeSets
import PSRunTestSupport
import Testing

/// ClusterShell 1.10.1's answers, which 1.9.1 gives too.
struct ClusterShellTableTests {
    private struct Row: Decodable {
        var kind: String
        var id: String?
        var file: String?
        var text: String?
        var args: [String]?
        var exclude: [String]?
        var count: Int?
        var fold: String?
        var expand: [String]?
        var expandHead: [String]?
        var expandTail: [String]?
        var error: String?
    }

    private static func rows() throws -> [Row] {
        let path = PackageRoot.path + "/Tests/NodeSetsTests/Fixtures/nodesets.jsonl"
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        return try lines.map { try decoder.decode(Row.self, from: Data($0.utf8)) }
    }

    private static func resolver(_ rows: [Row]) throws -> GroupResolver {
        var system = MemorySystem()
        system.files["/groups/groups.conf"] = "[Main]\ndefault: roles\nautodir: $CFGDIR/groups.d\n"
        for row in rows where row.kind == "groups" {
            system.files["/groups/groups.d/\(row.file ?? "")"] = row.text
        }
        return try GroupConfiguration.resolver(folders: ["/groups"], system: system)
    }

    @Test("Every node set of ClusterShell's table is read as there, but for those with two readings")
    func everyRowAgrees() throws {
        let rows = try Self.rows()
        let resolver = try Self.resolver(rows)
        var agreed = 0
        var refusedByBoth = 0
        var refused: [NodeSetError.Code: Int] = [:]
        for row in rows where row.kind == "nodeset" {
            let name = row.id ?? ""
            do throws(NodeSetError) {
                var reader = NodeSetReader(groups: resolver)
                var nodes = NodeSet()
                for text in row.args ?? [] { nodes.formUnion(try reader.read(text)) }
                for text in row.exclude ?? [] { nodes.subtract(try reader.read(text)) }
                let names = nodes.names
                #expect(row.error == nil, "\(name): \(nodes.folded)")
                #expect(nodes.folded == row.fold, "\(name)")
                #expect(nodes.count == row.count && names.count == row.count, "\(name)")
                if let expand = row.expand { #expect(names == expand, "\(name)") }
                if let head = row.expandHead { #expect(Array(names.prefix(head.count)) == head, "\(name)") }
                if let tail = row.expandTail { #expect(Array(names.suffix(tail.count)) == tail, "\(name)") }
                agreed += 1
            } catch {
                if row.error != nil { refusedByBoth += 1 } else { refused[error.code, default: 0] += 1 }
            }
        }
        #expect(agreed == 472)
        #expect(refusedByBoth == 147)
        #expect(refused == [.digitsBesideBracket: 6, .unknownGroup: 9, .nothingMatches: 5])
    }

    @Test("A folded set pastes back: it reads to the same names in the same order")
    func foldsPasteBack() throws {
        for row in try Self.rows() where row.error == nil && row.fold?.isEmpty == false {
            let fold = row.fold ?? ""
            let nodes = try read(fold)
            #expect(nodes.folded == fold)
            #expect(NodeSet(names: nodes.names).names.count == nodes.count)
        }
    }
}
