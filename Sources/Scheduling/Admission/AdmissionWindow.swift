/// How many connections to one server may be on their way to a login at a time: a congestion window, as TCP's (RFC 5681),
/// for servers that drop logins which come at once.
///
/// OpenSSH drops none while at most 10 wait (sshd_config(5), MaxStartups 10:30:100), so the window begins there. Each drop
/// halves it, each window of admitted connections makes it wider by one.
package struct AdmissionWindow: Sendable, Hashable {
    /// What MaxStartups lets in by default without a drop.
    package static let first = 10
    /// However many are admitted, it grows no wider.
    package static let widest = 1_000

    private var width: Double
    /// Counts the halvings. A connection that began before the last one says nothing of the window as it is now.
    package private(set) var epoch: Int

    package init(width: Int = first, epoch: Int = 0) {
        self.width = Double(width)
        self.epoch = epoch
    }

    package var limit: Int { Int(width) }

    /// The server took the connection up.
    package mutating func admitted() { width = min(width + 1 / width, Double(Self.widest)) }

    /// The server dropped a connection that began in that epoch.
    package mutating func dropped(begunIn begun: Int) {
        guard begun == epoch else { return }
        epoch += 1
        width = max(1, width / 2)
    }
}
