import Glibc
import Processes
import Synchronization

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
        let streams = [
            open(folder.path(of: "in"), O_RDONLY | O_CLOEXEC),
            open(folder.path(of: "out"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
            open(folder.path(of: "err"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
        ]
        defer { for stream in streams { close(stream) } }
        let program = arguments.first ?? ""
        let values = environment.map { "\($0.key)=\($0.value)" }
        do {
            processID = try SpawnLock.shared.withLock { _ throws(SpawnFailure) in
                try spawn(program, arguments, environment: values, descriptors: streams, leading: .group)
            }
        } catch {
            throw TestSupportError("\(program): \(error.reason)")
        }
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
        let ending: ProgramOutcome.Ending =
            switch ProcessEnd(status: status) {
            case _ where isTimedOut: .timedOut
            case .exited(let code): .exited(code)
            case .killed(let signal): .killed(signal: signal)
            }
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
