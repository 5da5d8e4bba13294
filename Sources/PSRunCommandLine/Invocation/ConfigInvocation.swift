/// `psrun config show`, `psrun config keys`: what files and environment set, and what they can set.
package struct ConfigInvocation: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, CaseIterable {
        /// The settings and where each comes from.
        case show
        /// Every key that there is.
        case keys
    }

    package var action = Action.show
    /// What counts for this host; nil for what counts for all.
    package var host: HostName?
    /// Whose groups the host may be in.
    package var inventories: [String] = []
    package var format = ListInvocation.Format.text

    package init() {}
}
