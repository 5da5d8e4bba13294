/// Does something with each element, a few at a time: programs wait for each other more than they work.
func concurrently<Element: Sendable>(
    _ elements: [Element],
    width: Int = 4,
    _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, element) in elements.enumerated() {
            if index >= width { try await group.next() }
            group.addTask { try await body(element) }
        }
        try await group.waitForAll()
    }
}
