import ExportFiles
import Files
import PSRunCommandLine
import PSRunTestSupport
import Testing

@Suite struct ExportSinkTests {
    @Test("A file gets its name when all is written, and not before")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/export"
        let sink = ExportSink(.file(try AtomicFile(path), path: path))
        #expect(!sink.isShownAtOnce)
        sink.pending += Array("text".utf8)
        #expect(sink.drain())
        #expect(!FileContents.exists(path))
        try sink.finish()
        #expect(try FileContents.read(path, limit: 1 << 10) == Array("text".utf8))
    }

    @Test("Once a reader takes no more, nothing else is written to it")
    func reader() {
        var pieces = 0
        let sink = ExportSink(
            .reader { _ in
                pieces += 1
                return CommandFailure(.notAllWell, "closed")
            }
        )
        #expect(sink.isShownAtOnce)
        for _ in 0..<3 {
            sink.pending += [UInt8](repeating: 0x61, count: 1 << 17)
            #expect(!sink.drain())
        }
        #expect(throws: CommandFailure.self) { try sink.finish() }
        #expect(pieces == 1)
    }
}
