/// Which containers are entered, and how: what they share.
package struct ContainerChoices: Sendable, Hashable {
    /// The program whose command line reaches a container.
    package enum Engine: String, Sendable, Hashable, CaseIterable {
        case docker, podman, nerdctl
    }

    /// Whole ids and names, in the order given.
    package var containers: [String] = []
    /// nil where it is found out.
    package var engine: Engine?
    package var runsAsAdministrator = false
    package var configurationName: String?

    package init() {}
}
