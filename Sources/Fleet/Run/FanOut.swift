import EventLoops

/// Runs `body` for 0, 1, … `count` - 1 in that order, at most `limit` at a time, all in one task group.
/// - Parameter loops: give each its place, which its body is told.
func forEachConcurrently(
    _ count: Int,
    limit: Int,
    on loops: TargetLoops,
    _ body: @escaping @Sendable (Int, TargetLoops.Place) async -> Void
) async {
    await withTaskGroup(of: Void.self) { group in
        for index in 0..<count {
            if index >= limit { await group.next() }
            let place = loops.next()
            group.addTask(executorPreference: place.loop.taskExecutor) {
                await body(index, place)
                loops.leave(place)
            }
        }
    }
}
