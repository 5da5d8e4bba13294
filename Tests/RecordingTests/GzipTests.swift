import PSRunTestSupport
import Recording
import Testing

@Suite struct GzipTests {
    @Test(
        "What was compressed is read back by gzip, and the same bytes give the same bytes",
        arguments: [0, 1, 300_000]
    )
    func readBack(count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
        let compressed = try Gzip.compress(bytes)
        #expect(try Gzip.compress(bytes) == compressed)
        let folder = try TemporaryFolder()
        let file = try folder.write(compressed, to: "data.gz")
        let read = try await ChildProgram.run(["/bin/gzip", "-dc", file])
        #expect(read.ending == .exited(0) && read.standardOutput == bytes, "\(read.errors)")
    }
}
