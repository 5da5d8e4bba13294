import Glibc
import PSRunTestSupport
import Processes
import Testing

@Suite struct SpawnTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What a shell prints that gets these descriptors behind its standard ones, and how it ends.
    private func shell(_ script: String, passing descriptors: [Int32] = []) throws -> (output: String, end: ProcessEnd?)
    {
        let output = open(folder.path(of: "output"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        let process = try spawn(
            "sh",
            ["shell", "-c", script],
            environment: ["PATH=/usr/bin:/bin", "WORD=said"],
            descriptors: [STDIN_FILENO, output, STDERR_FILENO] + descriptors,
            leading: .group
        )
        let end = waitForEnd(of: process)
        return (try text(of: folder.path(of: "output")), end)
    }

    @Test("The program gets its arguments and its environment, and its end is told")
    func startsAndEnds() throws {
        #expect(try shell("echo $0 $WORD; exit 7") == ("shell said\n", .exited(7)))
        #expect(try shell("kill -TERM $$").end == .killed(signal: SIGTERM))
        #expect(waitForEnd(of: getpid()) == nil)
    }

    @Test("A descriptor goes to its place even where its number is another's place")
    func descriptorsSwapPlaces() throws {
        let files = try ["one", "two"].map { open(try folder.write($0, to: $0), O_RDONLY | O_CLOEXEC) }
        defer { for file in files { close(file) } }
        let (low, high) = (try #require(files.min()), try #require(files.max()))
        // Each at the other's number, the standard input at all before.
        var passed = [Int32](repeating: STDIN_FILENO, count: Int(high) + 1)
        (passed[Int(low)], passed[Int(high)]) = (high, low)
        let output = try shell("cat /dev/fd/\(files[0]) /dev/fd/\(files[1])", passing: Array(passed[3...])).output
        #expect(output == "twoone")
    }

    @Test("The program gets no other descriptor, and ignores and blocks no signal")
    func inheritsNothingElse() throws {
        let stray = dup(STDERR_FILENO)
        defer { close(stray) }
        let earlier = signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, earlier) }
        var (blocked, mask) = (sigset_t(), sigset_t())
        sigaddset(&blocked, SIGUSR2)
        pthread_sigmask(SIG_BLOCK, &blocked, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        // All but 32 and 33, which are the C library's own.
        let signals = "grep -cE 'Sig(Blk|Ign):[[:space:]][[:xdigit:]]{8}[08]0{7}$' /proc/self/status"
        // ls has the folder open as well.
        #expect(try shell("ls /dev/fd/ | wc -l; \(signals)").output == "4\n2\n")
    }

    @Test("What cannot be started has the system's reason")
    func failures() throws {
        let missing = #expect(throws: SpawnFailure.self) {
            try spawn("no-such-program", [""], environment: [], descriptors: [], leading: .session)
        }
        #expect(missing?.code == ENOENT)
        #expect(missing?.reason == "No such file or directory")
        let closed = #expect(throws: SpawnFailure.self) {
            try spawn("sh", ["sh"], environment: [], descriptors: [-1], leading: .nothing)
        }
        #expect(closed?.code == EBADF)
    }
}
