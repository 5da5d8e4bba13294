/// Runs `body` for 0, 1, … `count` - 1 in that order, at most `limit` at a time, all in one task group.
package func forEachConcurrently(
    _ count: Int,
    limit: Int,
    _ body: @escaping @Sendable (Int) async -> Void
) async {
    await withTaskGroup(of: Void.self) { group in
        for index in 0..<count {
            if index >= limit { await group.next() }
            group.addTask { await body(index) }
        }
    }
}
