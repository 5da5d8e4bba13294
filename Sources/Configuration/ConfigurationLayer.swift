/// What one place sets: a file, or the environment.
package struct ConfigurationLayer: Sendable {
    /// In their order: of two that set the same thing the first one counts. The command line goes before all of them.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case environment, project, user, system
    }

    package var kind: Kind
    /// nil for the environment.
    package var path: String?
    /// What is set for all hosts.
    package var general: [ConfiguredValue] = []
    /// What is set for some, in the order of the file.
    package var groups: [HostGroup] = []
    /// The folders whose projects may set everything.
    package var trustedProjects: [String] = []

    package init(_ kind: Kind, path: String? = nil) {
        self.kind = kind
        self.path = path
    }
}

/// What a file sets for some hosts.
package struct HostGroup: Sendable {
    package var patterns: HostPatterns
    package var place: FilePlace
    package var values: [ConfiguredValue]
}

/// A host that settings are looked up for.
package struct ConfiguredHost: Sendable, Hashable {
    /// Its name alone, and as it was written: `web01`, `op@web01:2222`.
    package var names: [String]
    /// The groups that it is in.
    package var groups: Set<String>

    package init(names: [String], groups: Set<String> = []) {
        self.names = names.map { $0.lowercased() }
        self.groups = groups
    }
}
