import EventLoops
import Glibc
import PSRunTestSupport
import Processes
import Testing

@Suite("A child is ended by steps")
struct TeardownTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A shell that runs `script`, once it has begun.
    private func child(_ script: String) async throws -> ChildProcess {
        let started = folder.path(of: "started")
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        let child = try ChildProcess(
            "sh",
            ["sh", "-c", script.replacing("STARTED", with: "echo $$ >\(started).new; mv \(started).new \(started)")],
            environment: ["PATH=/usr/bin:/bin"],
            descriptors: [nowhere, nowhere, nowhere]
        )
        while access(started, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        unlink(started)
        return child
    }

    private static let cases: [(script: String, end: ProcessEnd)] = [
        ("STARTED; exec sleep 600", .killed(signal: SIGTERM)),
        ("trap '' TERM; STARTED; while :; do sleep 1; done", .killed(signal: SIGKILL)),
        ("trap 'exit 7' TERM; STARTED; while :; do sleep 0.01; done", .exited(7)),
    ]

    @Test("A thread ends it: one that obeys, one that does not, one that has a last word", arguments: cases)
    func byAThread(script: String, end: ProcessEnd) async throws {
        let teardown = Teardown([.init(after: .milliseconds(10), send: SIGTERM)], killAfter: .milliseconds(300))
        #expect(try await child(script).endNow(teardown) == end)
    }

    @Test("A loop ends it, in the same way", arguments: cases)
    func byALoop(script: String, end: ProcessEnd) async throws {
        let teardown = Teardown([.init(after: .milliseconds(10), send: SIGTERM)], killAfter: .milliseconds(300))
        let (child, loop, over) = (try await child(script), try TestLoops.next(), Promise<ProcessEnd?>())
        loop.submit {
            do {
                try WatchedChild(child, on: loop) { over.succeed($0) }.end(by: teardown)
            } catch {
                over.fail(error)
            }
        }
        #expect(try await over.value() == end)
    }

    @Test("One that ends by itself within the patience gets no signal")
    func byItself() async throws {
        #expect(try await child("STARTED; sleep 0.05; exit 3").endNow(.orderly(within: .seconds(1))) == .exited(3))
        #expect(try await child("STARTED; exit 4").end(patience: .seconds(60), then: .immediate) == .exited(4))
        #expect(try await child("STARTED; sleep 600").end(patience: .zero, then: .immediate) == nil)
    }

    @Test("An orderly end takes no longer than it may, and a second at most", arguments: [0, 200, 1000, 9000])
    func orderly(milliseconds: Int) {
        let steps = Teardown.orderly(within: .milliseconds(milliseconds)).steps
        let all = steps.reduce(Duration.zero) { $0 + $1.patience }
        #expect(all == .milliseconds(min(milliseconds, 1000)) && steps.last?.signal == SIGKILL)
        #expect(Teardown.hasty.steps.reduce(.zero) { $0 + $1.patience } < .milliseconds(100))
    }

    @Test("What it leaves behind in its group ends with it, and one that is let go is killed")
    func group() async throws {
        let file = folder.path(of: "grandchild")
        _ = try await child("sleep 600 & echo $! >\(file); STARTED; exit 0").endNow(.orderly(within: .seconds(1)))
        let grandchild = try #require(Int32(try text(of: file).dropLast()))
        await expectGone(grandchild)
        do {
            let forgotten = try await child("echo $$ >\(file); STARTED; exec sleep 600")
            _ = forgotten.ending
        }
        await expectGone(try #require(Int32(try text(of: file).dropLast())))
    }

    private func expectGone(_ process: Int32) async {
        // An orphan is reaped by whoever adopted it, which takes a moment.
        for _ in 0..<500 where isRunning(process) { try? await Task.sleep(for: .milliseconds(10)) }
        #expect(!isRunning(process))
    }

    private func isRunning(_ process: Int32) -> Bool {
        guard let status = try? text(of: "/proc/\(process)/stat"), let end = status.lastIndex(of: ")") else {
            return false
        }
        return !status[end...].hasPrefix(") Z")
    }
}
