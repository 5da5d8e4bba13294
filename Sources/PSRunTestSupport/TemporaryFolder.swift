import FoundationEssentials
import Glibc
import Synchronization
import SystemErrors

/// A folder of its own for one test, removed with all that is in it when nobody holds it any more.
package final class TemporaryFolder: Sendable {
    /// Without a slash at its end.
    package let path: String

    package init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array((base + "/psrun-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw TestSupportError("mkdtemp: \(describe(errno: errno))") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and gives its path. `mode` is what chmod takes.
    @discardableResult
    package func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws -> String {
        try write(Array(text.utf8), to: name, mode: mode)
    }

    @discardableResult
    package func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o644) throws -> String {
        let file = path(of: name)
        try SpawnLock.shared.withLock { _ in try Data(bytes).write(to: URL(filePath: file)) }
        guard chmod(file, mode) == 0 else { throw TestSupportError("chmod \(file)") }
        return file
    }

    @discardableResult
    package func makeFolder(_ name: String, mode: UInt32 = 0o700) throws -> String {
        let folder = path(of: name)
        guard mkdir(folder, mode) == 0 else { throw TestSupportError("mkdir \(folder)") }
        return folder
    }
}

/// Why a test's surroundings could not be made: a fault of the machine, not of what is tested.
package struct TestSupportError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// A file's bytes.
package func contents(of path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
}

/// A file's text, broken UTF-8 mended.
package func text(of path: String) throws -> String {
    String(decoding: try contents(of: path), as: UTF8.self)
}

/// Keeps the writing of files and the starting of programs apart: a program that starts meanwhile would hold the file
/// open for writing, and a script that somebody writes to cannot be run.
enum SpawnLock {
    static let shared = Mutex(())
}
