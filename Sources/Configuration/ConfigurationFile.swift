/// A file of the configuration, and what became of it.
package struct ConfigurationFile: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case read
        case absent
        /// Why it does not count: a sentence.
        case leftOut(String)
    }

    package var layer: ConfigurationLayer.Kind
    package var path: String
    package var state: State

    package init(_ layer: ConfigurationLayer.Kind, _ path: String, _ state: State) {
        self.layer = layer
        self.path = path
        self.state = state
    }
}
