import Files
import Glibc
import PSRunTestSupport
import Synchronization
import Terminals
import Testing
import Threads

@Suite struct OutputWriterTests {
    @Test("What is written arrives in the order of writing")
    func order() async throws {
        let file = try OutputFile()
        let writer = OutputWriter(descriptor: file.descriptor.raw)
        for number in 0..<1_000 { writer.write("\(number)\n") }
        #expect(await writer.flush() == 0)
        #expect(try file.text() == (0..<1_000).map { "\($0)\n" }.joined())
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

    @Test("What comes while output is held back is written when it is let go, in order")
    func heldBack() async throws {
        let file = try OutputFile()
        let writer = OutputWriter(descriptor: file.descriptor.raw)
        writer.write("before ")
        writer.hold()
        _ = await writer.flush()
        writer.hold()
        writer.write("while ")
        await writer.waitForRoom(Patience())
        try await Task.sleep(for: .milliseconds(50))
        #expect(try file.text() == "before " && !writer.takeOverflow())
        writer.letGo()
        writer.write("still ")
        try await Task.sleep(for: .milliseconds(50))
        #expect(try file.text() == "before ")
        writer.letGo()
        #expect(await writer.flush() == 0)
        #expect(try file.text() == "before while still ")
    }

    @Test("What waits is written together, in pieces of 64 KiB at most")
    func together() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        let writer = OutputWriter(descriptor: ends[0])
        writer.hold()
        for _ in 0..<3000 { writer.write([UInt8](repeating: 0x61, count: 30)) }
        writer.write([UInt8](repeating: 0x62, count: 70 << 10))
        writer.write("c")
        writer.write("d")
        writer.letGo()
        var sizes: [Int] = []
        var packet = [UInt8](repeating: 0, count: 128 << 10)
        while sizes.reduce(0, +) < 3000 * 30 + 70 << 10 + 2 { sizes.append(recv(ends[1], &packet, packet.count, 0)) }
        #expect(sizes == [65520, 24480, 70 << 10, 2])
        #expect(await writer.flush() == 0)
    }

    @Test("However short the pauses between them, all texts are written, in order", arguments: [0, 50, 150, 250, 900])
    func pauses(microseconds: UInt32) async throws {
        let file = try OutputFile()
        let writer = OutputWriter(descriptor: file.descriptor.raw)
        var expected = ""
        for number in 0..<400 {
            writer.write("\(number)\n")
            expected += "\(number)\n"
            if microseconds > 0 { try await Task.sleep(for: .microseconds(microseconds)) }
            if number % 100 == 99 {
                #expect(await writer.flush() == 0)
                #expect(try file.text() == expected)
            }
        }
    }

    @Test("More than may wait is written although output is held back, and said")
    func overflow() async throws {
        let descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = OutputWriter(descriptor: descriptor)
        writer.hold()
        writer.write([UInt8](repeating: 65, count: 2 << 20))
        await writer.waitForRoom(Patience())
        #expect(writer.takeOverflow())
        #expect(!writer.takeOverflow())
        writer.letGo()
    }

    /// A pipe that nobody reads, for as long as `body` runs.
    private func withStuckWriter(_ body: (OutputWriter, _ reader: Int32) async throws -> Void) async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        try await body(OutputWriter(descriptor: ends[1], begins: true), ends[0])
        close(ends[0])
    }

    @Test("Who waits for a reader goes on when there is room, and when patience ends")
    func patience() async throws {
        try await withStuckWriter { writer, reader in
            writer.write([UInt8](repeating: 0x61, count: 3 << 20))
            let patience = Patience()
            Task {
                try await Task.sleep(for: .milliseconds(100))
                patience.end()
            }
            await writer.waitForRoom(patience)
            #expect(patience.isOver)
            // What does not fit is dropped from now on, and that is told.
            for _ in 0..<1_000 { writer.write([UInt8](repeating: 0x62, count: 1 << 20)) }
            #expect(await writer.flush(patience) == ETIMEDOUT)
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            var read = 0
            while read < 3 << 20 { read += Glibc.read(reader, &buffer, buffer.count) }
            #expect(read == 3 << 20 && buffer[0] == 0x61)
            #expect(await writer.flush() == ETIMEDOUT)
        }
    }

    @Test("What is read only when it is written stands in its place, and takes no room")
    func source() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/output"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let writer = OutputWriter(descriptor: descriptor)
        writer.write("1")
        let pieces = Mutex(["2", "3"][...])
        writer.write(Array("(".utf8), then: { pieces.withLock { $0.popFirst().map { Array($0.utf8) } } }, then: [0x29])
        writer.write("4")
        #expect(await writer.flush() == 0)
        #expect(String(decoding: try FileContents.read(path, limit: 100), as: UTF8.self) == "1(23)4")
    }
}

/// A file that is written to.
private struct OutputFile {
    private let folder: TemporaryFolder
    let descriptor: FileDescriptor

    init() throws {
        folder = try TemporaryFolder()
        descriptor = FileDescriptor(owning: open(folder.path(of: "output"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
        try #require(descriptor.raw >= 0)
    }

    /// What was written by now.
    func text() throws -> String {
        String(decoding: try FileContents.read(folder.path(of: "output"), limit: 4 << 20), as: UTF8.self)
    }
}
