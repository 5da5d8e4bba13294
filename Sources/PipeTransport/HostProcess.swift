import Files
import Glibc
import SystemErrors

/// A PowerShell of this user's that may be entered: every one listens (PowerShell 7.6.9 on Debian 12).
package struct HostProcess: Sendable, Hashable {
    package let id: Int32
    /// As its pipe names it: `pwsh`, or `dotnet` for the .NET tool.
    package let name: String
    /// The path of its pipe.
    package let pipe: String

    private static let prefix = "CoreFxPipe_"
    private static let processPrefix = "CoreFxPipe_PSHost."
    /// So many files of a folder are looked at.
    private static let mostNames = 1 << 20

    /// Reads `CoreFxPipe_PSHost.<start time>.<pid>.None.<process name>`.
    init?(fileName: String, in folder: String) {
        guard fileName.hasPrefix(Self.processPrefix) else { return nil }
        let parts = fileName.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, let id = Int32(parts[2]), id > 0, parts[3] == "None", !parts[4].isEmpty else {
            return nil
        }
        self.id = id
        name = String(parts[4])
        pipe = "\(folder)/\(fileName)"
    }

    /// This user's, in the order of their ids. Blocks for as long as folders take.
    /// - Parameter folders: where pipes are made.
    package static func all(in folders: [String]) -> [HostProcess] {
        let found = folders.flatMap { folder in
            ((try? FilePaths.names(in: folder)) ?? []).prefix(mostNames)
                .compactMap { HostProcess(fileName: $0, in: folder) }
        }
        // A killed process leaves its pipe behind.
        return found.filter { kill($0.id, 0) == 0 && (try? PipeFile($0.pipe)) != nil }.sorted { $0.id < $1.id }
    }

    /// Where pipes are made: .NET's temporary folder, which may differ from process to process.
    /// - Parameter environment: of this process.
    package static func folders(environment: [String: String]) -> [String] {
        let own = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
        return unique([own, "/tmp"].compactMap(\.self))
    }

    /// The path of a place's pipe.
    /// - Throws: PipeFailure: there is none.
    static func pipe(of place: PipePlace, folders: [String]) throws(PipeFailure) -> String {
        switch place {
        case .path(let path): return path
        case .name(let name):
            let paths = folders.map { "\($0)/\(prefix)\(name)" }
            guard let path = paths.first(where: FilePaths.exists) else { throw .noPipe(name, looked: folders) }
            return path
        case .process(let id):
            guard kill(id, 0) == 0 || errno == EPERM else { throw .noProcess(id) }
            // The process has a temporary folder of its own, where it was given one.
            let folders = unique([temporaryFolder(of: id)].compactMap(\.self) + folders)
            for folder in folders {
                let names = (try? FilePaths.names(in: folder)) ?? []
                let found = names.lazy.compactMap { HostProcess(fileName: $0, in: folder) }.first { $0.id == id }
                if let found { return found.pipe }
            }
            throw .notListening(id, looked: folders)
        }
    }

    private static func temporaryFolder(of id: Int32) -> String? {
        guard let bytes = try? FileContents.read("/proc/\(id)/environ", limit: 1 << 21) else { return nil }
        let name = Array("TMPDIR=".utf8)
        let entry = bytes.split(separator: 0).first { $0.starts(with: name) }
        return entry.map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func unique(_ folders: [String]) -> [String] {
        let plain = folders.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        return plain.indices.filter { plain.firstIndex(of: plain[$0]) == $0 }.map { plain[$0] }
    }
}
