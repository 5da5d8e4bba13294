import Files
import Glibc
import PSRunTestSupport
import Testing

struct FileContentsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        "A file as large as the limit is read; one byte more is refused, and the limit named",
        arguments: [0, 1, 70_000]
    )
    func limit(size: Int) throws {
        let bytes = [UInt8](repeating: 7, count: size)
        let path = try folder.write(bytes, to: "file")
        #expect(try FileContents.read(path, limit: size) == bytes)
        try folder.write(bytes + [7], to: "file")
        #expect(throws: FileFailure("it holds more than \(size) bytes, the most that is read", isTooLarge: true)) {
            try FileContents.read(path, limit: size)
        }
    }

    @Test("A file that claims four terabytes is refused before room is made for it")
    func sparseFile() throws {
        let path = try folder.write("", to: "sparse")
        #expect(truncate(path, 4_398_046_511_104) == 0)
        #expect(throws: FileFailure("it holds more than 64 MiB, the most that is read", isTooLarge: true)) {
            try FileContents.read(path, limit: FileContents.textBytes)
        }
    }

    @Test("A device without an end is read up to the limit, and then refused")
    func endlessDevice() {
        #expect(throws: FileFailure("it holds more than 1 MiB, the most that is read", isTooLarge: true)) {
            try FileContents.read("/dev/zero", limit: 1 << 20)
        }
    }

    @Test("A FIFO in place of a guarded secret is refused at once")
    func fifoForASecret() throws {
        let path = folder.path(of: "fifo")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: FileFailure("it is not a regular file")) { try FileContents.secret(path, isGuarded: true) }
        #expect(throws: FileFailure("it is not a regular file")) { try FileContents.text(path) }
    }

    @Test("A secret is the file without its last line end, and kept to its owner")
    func secret() throws {
        let path = try folder.write("hunter2 \r\n", to: "secret", mode: 0o600)
        #expect(try FileContents.secret(path) == "hunter2 ")
        #expect(chmod(path, 0o640) == 0)
        #expect(throws: FileFailure("others may read it; chmod 600 it first")) { try FileContents.secret(path) }
        #expect(try FileContents.secret(path, isGuarded: true) == "hunter2 ")
    }

    @Test("A missing text is nil, a folder is a failure, broken UTF-8 is repaired")
    func text() throws {
        #expect(try FileContents.text(folder.path(of: "missing")) == nil)
        #expect(throws: FileFailure("it is a folder")) { try FileContents.text(folder.path) }
        #expect(try FileContents.text(folder.write([0x61, 0xFF], to: "text")) == "a\u{FFFD}")
    }

    @Test("A FIFO whose writer never comes, or says little and slowly, is waited for until the clock has run out")
    func fifoWithoutWriter() throws {
        let path = folder.path(of: "fifo")
        #expect(mkfifo(path, 0o600) == 0)
        func read() throws(FileFailure) -> String {
            let patience = ReadingPatience(.milliseconds(200), from: .now, name: "--run-timeout")
            return try FileContents.secret(path, patience: patience)
        }
        let clock = ContinuousClock()
        let late = FileFailure("200 ms of --run-timeout ran out while it was read", isLate: true)
        #expect(clock.measure { #expect(throws: late) { try read() } } < .seconds(2))
        // A writer that keeps it open and never ends.
        let writer = open(path, O_RDWR | O_CLOEXEC)
        #expect(write(writer, "abc", 3) == 3)
        #expect(clock.measure { #expect(throws: late) { try read() } } < .seconds(2))
        close(writer)
    }

    @Test("What a process of the shell writes into a pipe is read whole, however it comes")
    func pipe() throws {
        let path = folder.path(of: "fifo")
        #expect(mkfifo(path, 0o600) == 0)
        let script = "(sleep 0.1; printf hun; sleep 0.1; printf 'ter2\\n') >'\(path)'"
        let program = try #require(popen(script, "r"))
        #expect(try FileContents.secret(path) == "hunter2")
        pclose(program)
    }
}
