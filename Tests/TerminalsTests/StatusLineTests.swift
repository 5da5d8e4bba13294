import Files
import Glibc
import PSRunTestSupport
import Terminals
import Testing

@Suite("A status line") struct StatusLineTests {
    private let path: String
    private let descriptor: Int32
    private let status: StatusLine
    private let writer: OutputWriter
    private let folder: TemporaryFolder

    /// A file stands for the terminal.
    init() throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "terminal")
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        status = StatusLine(descriptor: descriptor)
        writer = OutputWriter(descriptor: descriptor, status: status)
    }

    private static let line = "\r1/2 done\u{1B}[J\r"
    private static let erased = "\r\u{1B}[J"

    /// Draws the line, and returns once it is there.
    private func draw() async throws {
        let before = try text(of: path)
        writer.draw { "1/2 done" }
        for _ in 0..<3_000 where try text(of: path) == before { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try text(of: path) == before + Self.line)
    }

    @Test("It stands below what is written, gives way to it, and is gone with the last that is written, be it nothing")
    func givesWay() async throws {
        writer.write("one\n")
        _ = await writer.flush()
        try await draw()
        writer.write("two\n")
        _ = await writer.flush()
        try await draw()
        try await draw()
        status.pause()
        writer.draw { "1/2 done" }
        writer.eraseStatus()
        _ = await writer.flush()
        let shown = "one\n" + Self.line + Self.erased + "two\n" + Self.line + Self.line + Self.erased
        #expect(try text(of: path) == shown)
        close(descriptor)
    }

    @Test("A process that ends leaves the terminal at once, and a line that was never drawn is not erased")
    func leaves() async throws {
        writer.eraseStatus()
        _ = await writer.flush()
        #expect(try text(of: path) == "")
        try await draw()
        status.leave()
        writer.draw { "1/2 done" }
        writer.eraseStatus()
        _ = await writer.flush()
        #expect(try text(of: path) == Self.line + Self.erased)
        close(descriptor)
    }
}
