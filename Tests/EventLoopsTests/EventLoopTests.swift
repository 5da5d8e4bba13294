import EventLoops
import Glibc
import Testing

struct EventLoopTests {
    /// However the wake-ups of other threads fell, a loop with nothing to do takes no CPU.
    @Test func sleepsOnceAllIsDone() async throws {
        let loop = EventLoop(name: "test-loop")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<2000 { await processorTime(of: loop) }
                }
            }
        }
        let before = await processorTime(of: loop)
        try await Task.sleep(for: .milliseconds(500))
        #expect(await processorTime(of: loop) - before < .milliseconds(50))
    }

    /// A task that prefers a loop runs on its thread, within actors and without.
    @Test func runsTasksOnItsThread() async {
        let loop = EventLoop(name: "test-loop")
        let threads = await withTaskExecutorPreference(loop.taskExecutor) {
            await withTaskGroup(of: Set<pthread_t>.self) { group in
                for _ in 0..<100 {
                    group.addTask { [pthread_self(), await Witness().thread, pthread_self()] }
                }
                return await group.reduce(into: Set<pthread_t>()) { $0.formUnion($1) }
            }
        }
        #expect(threads == [await thread(of: loop)])
    }

    @discardableResult
    private func processorTime(of loop: EventLoop) async -> Duration {
        await withCheckedContinuation { continuation in
            loop.submit {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                continuation.resume(returning: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
            }
        }
    }

    private func thread(of loop: EventLoop) async -> pthread_t {
        await withCheckedContinuation { continuation in
            loop.submit { continuation.resume(returning: pthread_self()) }
        }
    }
}

private actor Witness {
    var thread: pthread_t { pthread_self() }
}
