import EventLoops
import Files
import Glibc
import PSRunTestSupport
import Testing

struct EventLoopTests {
    @Test("However the wake-ups of other threads fell, a loop with nothing to do takes no CPU")
    func sleepsOnceAllIsDone() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
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
        await loops.close()
    }

    @Test("A task that prefers a loop runs on its thread, within actors and without")
    func runsTasksOnItsThread() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
        let threads = await withTaskExecutorPreference(loop.taskExecutor) {
            await withTaskGroup(of: Set<pthread_t>.self) { group in
                for _ in 0..<100 {
                    group.addTask { [pthread_self(), await Witness().thread, pthread_self()] }
                }
                return await group.reduce(into: Set<pthread_t>()) { $0.formUnion($1) }
            }
        }
        #expect(threads == [await thread(of: loop)])
        await loops.close()
    }

    @Test("A descriptor that cannot be watched is told to whoever asked")
    func refusesAFile() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
        let failure = await onLoop(loop) { () -> WatchFailure? in
            let file = FileDescriptor(owning: open("/proc/self/exe", O_RDONLY | O_CLOEXEC))
            do throws(WatchFailure) {
                _ = try loop.add(file.raw, .readable) { _ in }
                return nil
            } catch {
                return error
            }
        }
        #expect(failure?.code == EPERM)
        await loops.close()
    }

    @Test("A change of interest in a descriptor that was closed is told to whoever asked")
    func refusesAClosedDescriptor() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
        let failure = try await onLoop(loop) { () throws -> WatchFailure? in
            let token: DescriptorToken
            do {
                let (reading, _) = try FileDescriptor.makePipe()
                token = try loop.add(reading.raw, .readable) { _ in }
            }
            defer { loop.remove(token) }
            do throws(WatchFailure) {
                try loop.update(token, .writable)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure != nil)
        await loops.close()
    }

    @Test("Timers come in the order of their deadlines, and a cancelled one does not come")
    func timers() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
        let order = await withCheckedContinuation { continuation in
            loop.submit {
                let now = ContinuousClock.now
                let order = Seen()
                for delay in [3, 1, 2] {
                    _ = loop.schedule(at: now + .milliseconds(delay)) { order.values.append(delay) }
                }
                let cancelled = loop.schedule(at: now + .milliseconds(2)) { order.values.append(4) }
                loop.cancel(cancelled)
                _ = loop.schedule(at: now + .milliseconds(4)) { continuation.resume(returning: order.values) }
            }
        }
        #expect(order == [1, 2, 3])
        await loops.close()
    }

    private final class Seen {
        var values: [Int] = []
    }

    @discardableResult
    private func processorTime(of loop: EventLoop) async -> Duration {
        await onLoop(loop) { threadTime() }
    }

    private func thread(of loop: EventLoop) async -> pthread_t {
        await onLoop(loop) { pthread_self() }
    }
}

private actor Witness {
    var thread: pthread_t { pthread_self() }
}

/// What this thread has used of a processor so far.
func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// Does something on a loop's thread.
func onLoop<Value: Sendable>(_ loop: EventLoop, _ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        loop.submit { continuation.resume(returning: body()) }
    }
}

func onLoop<Value: Sendable>(
    _ loop: EventLoop,
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        loop.submit { continuation.resume(with: Result { try body() }) }
    }
}
