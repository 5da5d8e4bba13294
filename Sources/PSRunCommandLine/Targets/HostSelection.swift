package import WinRMParameters

/// Which hosts are meant: where they come from, and what is taken away again.
package struct HostSelection: Sendable, Hashable {
    /// In the order given.
    package var sources: [HostSource]
    /// Node sets of `-x`, which are left out wherever they come from.
    package var excluded: [String] = []
    /// `--limit`: an Ansible pattern of hosts and groups; it limits inventories.
    package var limit: String?
    /// What those share that are entered over WinRM.
    package var winRM = WSManParameters()

    /// Whether any of its hosts come from an inventory.
    package var hasInventory: Bool { sources.contains { if case .inventory = $0 { true } else { false } } }

    package init(_ sources: [HostSource] = []) {
        self.sources = sources
    }
}
