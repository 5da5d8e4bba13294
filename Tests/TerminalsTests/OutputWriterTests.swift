import Files
import Glibc
import PSRunTestSupport
import Terminals
import Testing

@Suite struct OutputWriterTests {
    @Test("What is written arrives in the order of writing")
    func order() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/output"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = OutputWriter(descriptor: descriptor)
        for number in 0..<1_000 { writer.write("\(number)\n") }
        #expect(await writer.flush() == 0)
        let text = String(decoding: try FileContents.read(path, limit: 1 << 20), as: UTF8.self)
        #expect(text == (0..<1_000).map { "\($0)\n" }.joined())
    }

    @Test("A full disk is told when the rest is written out, and nothing is tried again")
    func fullDisk() async throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = OutputWriter(descriptor: descriptor)
        writer.write("a")
        #expect(await writer.flush() == ENOSPC)
        writer.write("b")
        #expect(await writer.flush() == ENOSPC)
    }
}
