import EventLoops
import Files
package import PSRunCommandLine
import Threads

/// What blocks before a run has loops and clocks of its own, as reading from a disk that does not answer.
package enum InTime {
    /// Does something on a thread of its own, and waits no longer for it than `limit`; given up, it runs on by itself.
    /// - Parameter name: what the limit is called.
    /// - Throws: what `body` throws; CommandFailure, timedOut.
    package static func run<Value: Sendable>(
        _ limit: Duration?,
        of name: String = "--run-timeout",
        _ body: @escaping @Sendable () throws(CommandFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        typealias Outcome = Result<Value, CommandFailure>
        let outcome = Promise<Outcome>()
        let work: @Sendable () -> Void = {
            do throws(CommandFailure) { outcome.succeed(.success(try body())) } catch {
                outcome.succeed(.failure(error))
            }
        }
        if !startThread(named: "psrun-verb", work) { work() }
        let clock = Task {
            guard let limit else { return }
            try await Task.sleep(for: limit)
            let milliseconds = Int(limit / .milliseconds(1))
            let message =
                WaitedFor.current.map { "\(milliseconds) ms of \(name) ran out while \($0) was waited for." }
                ?? "\(milliseconds) ms of \(name) ran out before everything was read that the run needs."
            outcome.succeed(.failure(CommandFailure(.timedOut, message)))
        }
        defer { clock.cancel() }
        do {
            return try await outcome.value().get()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.notAllWell, "the run could not be prepared")
        }
    }
}
