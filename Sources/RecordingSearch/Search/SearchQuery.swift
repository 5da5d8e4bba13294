package import Patterns

/// What is looked for in an entry.
package struct SearchQuery: Sendable {
    package var pattern: Pattern
    package var streams: Set<SearchStream>

    package init(pattern: Pattern, streams: Set<SearchStream> = SearchStream.usual) {
        self.pattern = pattern
        self.streams = streams
    }
}
