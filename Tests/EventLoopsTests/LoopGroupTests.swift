import EventLoops
import Glibc
import PSRunTestSupport
import Synchronization
import Testing

@Suite(.serialized)
struct LoopGroupTests {
    @Test("Each loop of a group has a thread and a name of its own")
    func threadsOfTheirOwn() async throws {
        let loops = try TestLoops.makeGroup(count: 3)
        var threads: Set<pthread_t> = []
        for loop in loops.loops { threads.insert(await onLoop(loop) { pthread_self() }) }
        #expect(threads.count == 3)
        #expect(Set(loops.loops.map(\.name)).count == 3)
        await loops.close()
    }

    @Test("While the first loop has time it gets every target; once it works without a pause the next one gets some")
    func asManyAsNeeded() async throws {
        // Without those who watch for stalls: one is made here.
        let loops = try LoopGroup(count: 2, name: "placed")
        let window = LoopPlacement.window
        await onLoop(loops.loops[0]) {}
        for _ in 0..<3 {
            try await Task.sleep(for: window)
            #expect(loops.next() == 0)
            loops.leave(0)
        }
        let isOver = Atomic(false)
        let began = ContinuousClock.now
        async let used = onLoop(loops.loops[0]) {
            let before = threadTime()
            while !isOver.load(ordering: .relaxed) {}
            return threadTime() - before
        }
        var place = loops.next()
        while place == 0, .now - began < .seconds(5) {
            try await Task.sleep(for: window)
            place = loops.next()
        }
        isOver.store(true, ordering: .relaxed)
        // On a loaded machine the thread may get too little of a processor to be busy.
        let share = await used / (.now - began)
        #expect(place == 1 || share < LoopPlacement.busyShare, "the loop used \(share) of a processor")
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
        let loop = loops.loops[0]
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
        let loop = loops.loops[0]
        await onLoop(loop) { _ = usleep(40_000) }
        #expect(seen.withLock { $0 }.isEmpty)
        await onLoop(loop) {
            let before = threadTime()
            while threadTime() - before < .milliseconds(30) {}
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
