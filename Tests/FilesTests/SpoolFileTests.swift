import Files
import Glibc
import PSRunTestSupport
import Testing

struct SpoolFileTests {
    @Test("What is put into a spool comes back, from any thread, and the file has no name")
    func comesBack() async throws {
        let folder = try TemporaryFolder()
        let spool = try SpoolFile(in: [folder.path(of: "missing"), folder.path])
        let parts = try await withThrowingTaskGroup(of: (Int, SpoolFile.Extent).self) { group in
            for number in 0..<50 {
                group.addTask {
                    (number, try spool.append([UInt8](repeating: UInt8(number), count: 1_000 * number)))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (number, extent) in parts {
            #expect(try spool.read(extent) == [UInt8](repeating: UInt8(number), count: 1_000 * number))
        }
        let names = try FilePaths.names(in: folder.path)
        #expect(names.isEmpty)
    }

    @Test("A spool for which there is no place is an error")
    func noPlace() throws {
        let folder = try TemporaryFolder()
        #expect(throws: (any Error).self) { _ = try SpoolFile(in: [folder.path(of: "missing")]) }
        #expect(throws: (any Error).self) { _ = try SpoolFile(in: []) }
    }
}
