package import PipeTransport
package import SSHTransport

/// Where one session of a run is entered.
package struct RunTarget: Sendable, Hashable {
    /// The way in, with what it needs to know of this target.
    package enum Place: Sendable, Hashable {
        /// A process on this computer.
        case local
        /// A process that runs on this computer already.
        case pipe(PipePlace)
        case ssh(SSHTarget)
    }

    package let place: Place
    /// What results, messages and recordings call it: `op@web01:2222`.
    package let name: String
    /// What its prompt calls it: `op@web01`.
    package let label: String
    /// What warnings about prompts call it: `web01`.
    package let computerName: String

    package static let local = RunTarget(.local, name: "localhost", label: "localhost", computerName: "localhost")

    package init(_ place: PipePlace) {
        self.init(.pipe(place), name: place.label, label: place.label, computerName: "localhost")
    }

    package init(_ place: Place, name: String, label: String, computerName: String) {
        self.place = place
        self.name = name
        self.label = label
        self.computerName = computerName
    }
}
