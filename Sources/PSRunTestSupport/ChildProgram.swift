import Glibc
import Synchronization
import SystemErrors

/// What a program left behind.
package struct ProgramOutcome: Sendable, CustomStringConvertible {
    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It was still running when its time was over, and was killed for it.
        case timedOut
    }

    package var ending: Ending
    package var standardOutput: [UInt8]
    package var standardError: [UInt8]

    package var output: String { String(decoding: standardOutput, as: UTF8.self) }
    package var errors: String { String(decoding: standardError, as: UTF8.self) }
    package var description: String { "\(ending)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }
}

/// A running program with its output going to files, so that nothing has to be read while it runs.
package final class ChildProgram: Sendable {
    package let processID: Int32
    private let folder: TemporaryFolder

    /// Starts a program in a process group of its own.
    ///
    /// - Parameters:
    ///   - arguments: the executable's path first.
    ///   - environment: all that it gets.
    ///   - input: what it reads from its standard input.
    package init(
        _ arguments: [String],
        environment: [String: String] = ChildProgram.environment(),
        input: [UInt8] = []
    ) throws {
        folder = try TemporaryFolder()
        try folder.write(input, to: "in")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.path(of: "in"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.path(of: "out"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.path(of: "err"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        posix_spawnattr_setpgroup(&attributes, 0)
        // Threads of a pool block signals, and a child would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let values = environment.map { "\($0.key)=\($0.value)" }
        var child = pid_t(0)
        let status = SpawnLock.shared.withLock { _ in
            withCStrings(arguments) { argv in
                withCStrings(values) { envp in
                    posix_spawn(&child, arguments[0], &actions, &attributes, argv, envp)
                }
            }
        }
        guard status == 0 else {
            throw TestSupportError("\(arguments.first ?? "?"): \(describe(errno: status))")
        }
        processID = child
    }

    /// What this test run hands to the programs it starts: enough to find them, nothing of the person who runs it.
    package static func environment(
        home: String = "/nonexistent",
        adding more: [String: String] = [:]
    ) -> [String: String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return ["PATH": path, "HOME": home, "LANG": "C.UTF-8"].merging(more) { _, new in new }
    }

    package func signal(_ number: Int32) {
        kill(processID, number)
    }

    /// What it has written to its standard output, or error, so far.
    package func outputSoFar() throws -> String { try text(of: folder.path(of: "out")) }
    package func errorsSoFar() throws -> String { try text(of: folder.path(of: "err")) }

    /// Waits until it ends, for so many seconds; then its process group is killed.
    ///
    /// Blocks the calling thread: meant for a thread of its own (see `outcome(within:)`).
    package func wait(seconds: Double) throws -> ProgramOutcome {
        var status = Int32(0)
        var left = seconds
        var isTimedOut = false
        while waitpid(processID, &status, isTimedOut ? 0 : WNOHANG) == 0 {
            usleep(2_000)
            left -= 0.002
            if left <= 0 {
                isTimedOut = true
                kill(-processID, SIGKILL)
            }
        }
        let signal = status & 0x7f
        let ending: ProgramOutcome.Ending =
            isTimedOut ? .timedOut : signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
        return ProgramOutcome(
            ending: ending,
            standardOutput: try contents(of: folder.path(of: "out")),
            standardError: try contents(of: folder.path(of: "err"))
        )
    }

    /// The same, without holding a thread of the cooperative pool.
    package func outcome(within seconds: Double = 30) async throws -> ProgramOutcome {
        try await onThread { try self.wait(seconds: seconds) }
    }

    /// Runs a program to its end.
    package static func run(
        _ arguments: [String],
        environment: [String: String] = ChildProgram.environment(),
        input: [UInt8] = [],
        within seconds: Double = 30
    ) async throws -> ProgramOutcome {
        try await ChildProgram(arguments, environment: environment, input: input).outcome(within: seconds)
    }
}

/// Runs blocking work on a thread made for it.
private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let box = Unmanaged.passRetained(ThreadWork { continuation.resume(with: Result(catching: work)) })
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { pointer in
                pointer.map { Unmanaged<ThreadWork>.fromOpaque($0).takeRetainedValue().work() }
                return nil
            },
            box.toOpaque()
        )
        guard status == 0 else {
            box.release()
            return continuation.resume(throwing: TestSupportError("pthread_create: \(status)"))
        }
        pthread_detach(thread)
    }
}

private final class ThreadWork: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }
}

private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { fatalError("an array that ends with nil is never empty") }
        return body(base)
    }
}
