import Files
import Glibc
import Inventories
import NodeSets
import SystemErrors
import YAML

/// The files and commands of this computer that groups of nodes are made of.
struct LocalGroupSystem: GroupSystem {
    /// Ends a command with all that it started after 30 s, and all of a run's together after 120 s.
    private let programs = LocalInventorySystem(programPatience: .seconds(30), allPatience: .seconds(120))

    func text(of path: String) throws(GroupFailure) -> String? {
        guard FilePaths.exists(path) else { return nil }
        do throws(FileFailure) {
            return String(decoding: try FileContents.read(path, limit: FileContents.textBytes), as: UTF8.self)
        } catch {
            throw GroupFailure(error.reason, isForbidden: access(path, R_OK) != 0)
        }
    }

    func names(in folder: String) throws(GroupFailure) -> [String]? {
        guard FilePaths.exists(folder) else { return nil }
        do throws(SystemError) {
            return try FilePaths.names(in: folder)
        } catch {
            throw GroupFailure(describe(errno: error.code), isForbidden: error.code == EACCES || error.code == EPERM)
        }
    }

    func danger(of path: String, isFolder: Bool) -> String? {
        isFolder ? FileDanger.ofFolder(path) : FileDanger.ofFile(path)
    }

    func document(_ yaml: String) throws(GroupFailure) -> GroupDocument {
        let document: YAMLDocument
        do throws(YAMLFailure) {
            document = try YAMLReader.yaml(Array(yaml.utf8))
        } catch {
            throw GroupFailure(error.reason, line: error.line)
        }
        // Whichever of them counted, the hosts of the other would be lost without a word.
        if let repeated = document.repeatedKeys.first {
            throw GroupFailure("\(repeated.key) is there twice", line: repeated.line)
        }
        return GroupDocument(document.root)
    }

    func output(of line: String, in folder: String) throws(GroupFailure) -> String {
        let end: InventoryProgramEnd
        do throws(InventorySystemFailure) {
            let script = "cd -- \"$0\" || exit 1\n\(line)"
            end = try programs.run(
                "/bin/sh",
                ["-c", script, folder],
                limit: FileContents.textBytes,
                name: "a command of \(folder)/groups.conf"
            )
        } catch {
            throw GroupFailure(error.reason)
        }
        switch end {
        case .printed(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .failed(let how, let said):
            let words = said.split(whereSeparator: \.isNewline).first.map { " and said: \($0)" } ?? ""
            throw GroupFailure("it \(how)\(words)")
        }
    }
}

extension GroupDocument {
    fileprivate init(_ node: YAMLNode) {
        let value: Value =
            switch node.value {
            case .null: .null
            case .string(let text): .text(text)
            case .list(let items): .list(items.map(GroupDocument.init))
            case .map(let map): .map(map.entries.map { (GroupDocument($0.key), GroupDocument($0.value)) })
            case .boolean, .integer, .largeInteger, .number, .timestamp, .encrypted: .other(node.source ?? node.json)
            }
        self.init(value, line: node.line)
    }
}
