import EventLoops
import Glibc
import PSRunTestSupport
import Synchronization
import Testing

@Suite(.serialized)
struct LoopGroupTests {
    @Test("A group gives out its loops in turn, each with a thread of its own")
    func inTurn() async throws {
        let loops = try TestLoops.makeGroup(count: 3)
        let given = (0..<6).map { _ in loops.next() }
        #expect(given.prefix(3).map(\.name) == given.suffix(3).map(\.name))
        var threads: Set<pthread_t> = []
        for loop in given { threads.insert(await onLoop(loop) { pthread_self() }) }
        #expect(threads.count == 3)
        await loops.close()
    }

    @Test("There is one loop for each processor that the process may use, unless told otherwise")
    func oneForEachProcessor() async throws {
        let loops = try LoopGroup()
        #expect(loops.loops.count == LoopGroup.processors)
        #expect(LoopGroup.processors >= 1)
        await loops.close()
    }

    @Test("A closed group leaves no thread and no descriptor behind")
    func closing() async throws {
        let before = try descriptors()
        let loops = try LoopGroup(count: 4, name: "group-loop")
        for loop in loops.loops { await onLoop(loop) {} }
        #expect(try threads() == 4)
        #expect(try descriptors() == before + 8)
        await loops.close()
        #expect(try descriptors() == before)
        // A thread is listed until the kernel has cleaned up behind it.
        for _ in 0..<200 where try threads() != 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try threads() == 0)
        await loops.close()
    }

    @Test("What was left for a loop before it closes is run; what comes later is dropped")
    func lateWork() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.next()
        let count = Mutex(0)
        for _ in 0..<1000 { loop.submit { count.withLock { $0 += 1 } } }
        await loops.close()
        #expect(count.withLock { $0 } == 1000)
        loop.submit { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 1000)
    }

    @Test("What takes a loop's thread for too long is told, with the loop's name; what sleeps is not")
    func stalls() async throws {
        let seen = Mutex<[LoopStall]>([])
        let stalls = StallObserver(limit: .milliseconds(20)) { stall in seen.withLock { $0.append(stall) } }
        let loops = try LoopGroup(count: 1, name: "slow", stalls: stalls)
        let loop = loops.next()
        await onLoop(loop) { _ = usleep(40_000) }
        #expect(seen.withLock { $0 }.isEmpty)
        await onLoop(loop) {
            var before = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
            var now = before
            while (now.tv_sec - before.tv_sec) * 1_000_000_000 + now.tv_nsec - before.tv_nsec < 30_000_000 {
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
            }
        }
        await loops.close()
        let found = seen.withLock { $0 }
        #expect(found.map(\.loop) == ["slow"])
        #expect(found.allSatisfy { $0.taken >= .milliseconds(30) && $0.work == .job })
    }

    /// The threads of loops made here, by their names.
    private func threads() throws -> Int {
        try entries(of: "/proc/self/task").filter { task in
            (try? text(of: "/proc/self/task/\(task)/comm"))?.hasPrefix("group-loop") == true
        }.count
    }

    /// What loops sleep on.
    private func descriptors() throws -> Int {
        try entries(of: "/proc/self/fd").filter { descriptor in
            var target = [CChar](repeating: 0, count: 64)
            let length = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            let name = String(decoding: target.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return name.hasSuffix("[eventpoll]") || name.hasSuffix("[eventfd]")
        }.count
    }

    private func entries(of folder: String) throws -> [String] {
        let stream = try #require(opendir(folder))
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return names
    }
}
