package import Patterns

/// What is looked for in an entry.
package struct SearchQuery: Sendable {
    package var pattern: Pattern
    package var streams: Set<SearchStream>

    /// Whether nobody chose streams: what psrun itself says of the connection is no answer.
    var asksForAnswers: Bool { streams == SearchStream.answers || streams == SearchStream.usual }

    package init(pattern: Pattern, streams: Set<SearchStream> = SearchStream.usual) {
        self.pattern = pattern
        self.streams = streams
    }
}
