import Glibc

/// A TCP peer on 127.0.0.1 that does not do its part (Tests/Peers/silent_peer.py tells the ways).
package final class SilentPeer: Sendable {
    package enum Way: Sendable, Hashable {
        case silent, full, banner, trickle, junk
        case hangsUp
        case goodbye, refusal
        /// Carries bytes to and from a port until the client's write of that number.
        case relay(port: Int, write: Int)

        fileprivate var arguments: [String] {
            switch self {
            case .silent: ["silent"]
            case .full: ["full"]
            case .banner: ["banner"]
            case .trickle: ["trickle"]
            case .junk: ["junk"]
            case .hangsUp: ["hang-up"]
            case .goodbye: ["goodbye"]
            case .refusal: ["refusal"]
            case .relay(let port, let write): ["relay", "\(port)", "\(write)"]
            }
        }
    }

    package let port: Int
    private let process: ChildProgram
    private let folder: TemporaryFolder

    package init(_ way: Way) async throws {
        folder = try TemporaryFolder()
        let file = folder.path(of: "port")
        process = try ChildProgram(Peers.command("silent_peer.py", [file] + way.arguments))
        var found: Int?
        for _ in 0..<500 where found == nil {
            found = (try? text(of: file)).flatMap { Int($0) }
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        guard let found else { throw TestSupportError("silent_peer.py: \(try process.errorsSoFar())") }
        port = found
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }
}
