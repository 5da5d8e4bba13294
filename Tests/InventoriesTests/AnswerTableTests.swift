import Inventories
import PSRunTestSupport
import Testing
import YAML

/// Ansible's own answers (ansible-core 2.19.14; `ansible-inventory --list`, `ansible all --list-hosts --limit`).
struct AnswerTableTests {
    @Test(
        "An inventory has the groups, hosts and variables that Ansible finds, or is refused where Ansible passes over a part"
    )
    func inventories() throws {
        let table = try AnswerTable("inventories").lines
        #expect(table.count > 300)
        var refusals = 0
        for line in table {
            let id = line["id"]?.string ?? ""
            let folder = try Self.folder(of: line)
            let answer = try #require(line["answer"]?.map)
            let isRefused = answer["error"] != nil || !answer.texts("refused").isEmpty
            do throws(InventoryError) {
                let inventory = try Inventory(line.texts("sources"), system: RootedSystem(root: folder.path))
                let list = try Self.list(of: inventory)
                #expect(!isRefused, "\(id) is read")
                if let expected = answer["list"], !isRefused { #expect(list == canonical(expected), "\(id)") }
            } catch {
                #expect(isRefused, "\(id): \(error.message)")
                refusals += 1
            }
        }
        #expect(refusals > 40)
    }

    @Test(
        "A limit leaves the hosts that Ansible leaves, or is refused where a part of it matches nothing or may mean two things"
    )
    func limits() throws {
        let twoReadings: Set = ["", "~", "@empty.txt", "web[-2:]", "web[1:-1]", "web[0-1]", "web[1-3]", "web[", "web]"]
        let table = try AnswerTable("limits").lines
        let limitFiles = table.first { $0["kind"]?.string == "limit_files" }?.textsByKey("files") ?? [:]
        #expect(limitFiles.count == 3)
        var inventories: [String: Inventory] = [:]
        for line in table {
            switch line["kind"]?.string {
            case "inventory":
                let files = line.textsByKey("files").merging(limitFiles) { old, _ in old }
                let system = MemorySystem(files: files)
                inventories[line["inventory"]?.string ?? ""] = try Inventory(line.texts("sources"), system: system)
            case "limit_files": continue
            default:
                let limit = line["limit"]?.string ?? ""
                let inventory = try #require(inventories[line["inventory"]?.string ?? ""])
                let isWrong = line["exit"].map { canonical($0) != "0" } ?? true || !line.texts("unmatched").isEmpty
                do throws(InventoryError) {
                    let hosts = try inventory.hosts(limitedTo: limit).map { inventory.name(of: $0) }
                    #expect(!isWrong && !twoReadings.contains(limit), "\(limit) leaves \(hosts)")
                    #expect(hosts == line.texts("hosts"), "\(limit)")
                } catch {
                    #expect(isWrong || twoReadings.contains(limit), "\(error.message)")
                    #expect(error.source.hasPrefix("--limit"))
                }
            }
        }
    }

    private static func folder(of line: YAMLMap) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let programs = Set(line.texts("exec"))
        var made: Set<String> = []
        for (name, text) in line.textsByKey("files").sorted(by: { $0.key < $1.key }) {
            var parent = ""
            for part in name.split(separator: "/").dropLast() {
                parent += parent.isEmpty ? part : "/\(part)"
                if made.insert(parent).inserted { try folder.makeFolder(parent) }
            }
            try folder.write(text, to: name, mode: programs.contains(name) ? 0o755 : 0o644)
        }
        return folder
    }

    /// As `ansible-inventory --list` prints it.
    private static func list(of inventory: Inventory) throws(InventoryError) -> String {
        var variables: [(String, String)] = []
        for host in inventory.hosts {
            let own = try inventory.variables(of: host).map { ($0.key, canonical($0.value.node)) }
            if !own.isEmpty { variables.append((inventory.name(of: host), canonical(own))) }
        }
        var list = [("_meta", canonical([("hostvars", canonical(variables))]))]
        for group in inventory.groupMembers {
            var parts: [(String, String)] = []
            let hosts = group.name == "all" ? [] : group.hosts
            if !hosts.isEmpty { parts.append(("hosts", names(hosts))) }
            if !group.children.isEmpty { parts.append(("children", names(group.children))) }
            if !parts.isEmpty { list.append((group.name, canonical(parts))) }
        }
        return canonical(list)
    }

    private static func names(_ names: [String]) -> String {
        "[\(names.map { "'\($0)'" }.joined(separator: ","))]"
    }
}
