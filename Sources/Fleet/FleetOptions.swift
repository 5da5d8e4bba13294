/// How a playbook is run against its targets.
package struct FleetOptions: Sendable {
    /// How many targets are under way at once.
    package var fanout: Int

    package init(fanout: Int = 32) {
        self.fanout = fanout
    }
}
