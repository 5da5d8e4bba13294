import Foundation

/// The names in a folder.
enum FolderListing {
    static func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path)
    }

    /// The names of the runs in a recordings folder, which also has the chain.
    static func runs(in path: String) throws -> [String] {
        try names(in: path).filter { $0 != "chain.log" }
    }
}
