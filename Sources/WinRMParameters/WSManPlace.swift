/// A target over WS-Management with what was said of it, so that it can be found again.
package struct WSManPlace: Sendable, Hashable {
    package let place: WSManParameters.Place
    /// All of it: what its source says, and what all targets share.
    package let parameters: WSManParameters
    package let target: WSManTarget

    /// - Parameter name: what results and messages call it; nil for the place itself.
    package init(
        _ place: WSManParameters.Place,
        _ parameters: WSManParameters,
        named name: String? = nil
    ) throws(WSManParameterError) {
        self.place = place
        self.parameters = parameters
        target = try parameters.target(at: place, named: name)
    }

    /// Two names that are this lead to one session.
    package var route: String { "\(target.url.text) \(target.resourceURI.lowercased()) \(target.login.name)" }
}
