/// Decides which connections may begin: so many to each server at a time as it has shown to take, first come, first served.
///
/// Where servers of several addresses drop connections, what lies before all of them may be one gateway: then fewer begin
/// altogether. Every place that is taken is to be given back by `leave`, once.
package struct AdmissionQueue<Waiter> {
    private struct Server {
        var window = AdmissionWindow()
        var inside = 0
    }

    private var servers: [String: Server] = [:]
    private var all = AdmissionWindow(width: AdmissionWindow.widest)
    private var inside = 0
    /// Servers that have dropped a connection since one was last taken up.
    private var dropping: Set<String> = []
    private var waiting: [(number: Int, server: String, waiter: Waiter)] = []

    package init() {}

    /// From so many servers that drop on, all connections are fewer.
    private static var fewServers: Int { 3 }

    /// Lets a connection to that server begin now.
    /// - Parameter server: its address and port.
    /// - Returns: nil where it has to wait.
    package mutating func enter(_ server: String) -> AdmissionPlace? {
        var known = servers[server] ?? Server()
        guard known.inside < known.window.limit, inside < all.limit else { return nil }
        known.inside += 1
        inside += 1
        servers[server] = known
        return AdmissionPlace(server: server, epoch: known.window.epoch, epochOfAll: all.epoch)
    }

    /// - Parameter number: by which it can be given up.
    package mutating func wait(for server: String, as number: Int, _ waiter: Waiter) {
        waiting.append((number, server, waiter))
    }

    /// Gives up waiting.
    /// - Returns: who waited; nil where it was let in meanwhile.
    package mutating func giveUp(_ number: Int) -> Waiter? {
        waiting.firstIndex { $0.number == number }.map { waiting.remove(at: $0).waiter }
    }

    /// A connection has got beyond its login, or has ended before.
    /// - Returns: those that may begin now.
    package mutating func leave(_ place: AdmissionPlace, _ end: AdmissionEnd) -> [(
        waiter: Waiter, place: AdmissionPlace
    )] {
        inside -= 1
        servers[place.server]?.inside -= 1
        switch end {
        case .takenUp:
            servers[place.server]?.window.admitted()
            all.admitted()
            dropping.remove(place.server)
        case .dropped:
            servers[place.server]?.window.dropped(begunIn: place.epoch)
            dropping.insert(place.server)
            if dropping.count >= Self.fewServers, place.epochOfAll == all.epoch {
                // What was on its way now was too much, however wide the window is.
                all = AdmissionWindow(width: min(all.limit, max(inside + 1, 2)), epoch: all.epoch)
                all.dropped(begunIn: all.epoch)
            }
        case .other: break
        }
        return admitWaiting()
    }

    /// How many connections to the server may be on their way at a time.
    package func limit(of server: String) -> Int { servers[server]?.window.limit ?? AdmissionWindow.first }

    private mutating func admitWaiting() -> [(waiter: Waiter, place: AdmissionPlace)] {
        var begun: [(waiter: Waiter, place: AdmissionPlace)] = []
        var rest: [(number: Int, server: String, waiter: Waiter)] = []
        var full: Set<String> = []
        for one in waiting {
            if inside < all.limit, !full.contains(one.server), let place = enter(one.server) {
                begun.append((one.waiter, place))
            } else {
                full.insert(one.server)
                rest.append(one)
            }
        }
        waiting = rest
        return begun
    }
}

/// A connection that was let in, until it leaves.
package struct AdmissionPlace: Sendable, Hashable {
    fileprivate let server: String
    fileprivate let epoch: Int
    fileprivate let epochOfAll: Int
}

/// What became of a connection that was let in.
package enum AdmissionEnd: Sendable, Hashable {
    /// The server let it log in, or refused it for what it is.
    case takenUp
    /// The server dropped it before it named itself, so no session was reached.
    case dropped
    /// Something else ended it, which says nothing of the server's room.
    case other
}
