import Foundation

/// The names in a folder.
enum FolderListing {
    static func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path)
    }
}
