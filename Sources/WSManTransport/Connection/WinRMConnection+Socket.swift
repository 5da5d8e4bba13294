import Connections
import EventLoops
import Files
import HTTPMessages
import TLS
import Threads

extension WinRMConnection {
    /// A socket connected to one of the addresses of the host, or of the proxy before it.
    func connectSocket() async throws -> FileDescriptor {
        let (host, port) = place.proxy.map { ($0.host, $0.port) } ?? (place.host, place.port)
        timeline.begin(place.proxy.map { .resolve(of: $0) } ?? .resolve)
        let addresses: [SocketAddress]
        do {
            addresses = try await resolve(host, port)
        } catch let error as TransportError where place.proxy != nil && error.code == .nameNotResolved {
            throw proxyUnreachable(error.code, .resolve, error.message)
        }
        timeline.begin(place.proxy.map { .tcp(to: $0) } ?? .tcp)
        let race = AddressRace(AddressRace.order(addresses), bindAddress: nil, on: loop)
        defer { race.cancel() }
        do {
            return try await wait { (promise: Promise<FileDescriptor>) in race.begin { promise.keep($0) } }
        } catch let failure as AddressRace.AllFailed {
            if place.proxy != nil, !failure.isLocal {
                throw proxyUnreachable(.connectionFailed, .tcp, failure.reasons.joined(separator: "; ") + ".")
            }
            throw TransportError.noConnection(to: place.label, port: port, failure)
        }
    }

    private func resolve(_ host: String, _ port: UInt16) async throws -> [SocketAddress] {
        // An address needs no name service, and so no other thread.
        if let addresses = try? SocketAddress.resolve(host, port: port, family: .any, isLiteral: true) {
            return addresses
        }
        return try await waitOffLoop(in: .names) { try SocketAddress.resolve(host, port: port, family: .any) }
    }

    /// Has a proxy connect to the host (RFC 9110, 9.3.6).
    func pass(_ proxy: WinRMProxy) async throws {
        timeline.begin(.proxy)
        let authority = "\(place.bracketedHost):\(place.port)"
        let answer: HTTPResponse
        do {
            answer = try await ask(HTTPRequest(method: "CONNECT", target: authority, host: authority, headers: []))
        } catch let broken as WinRMBroken {
            throw refusal(of: proxy, broken.end.reason)
        } catch let fault as HTTPFault {
            throw refusal(of: proxy, fault.message)
        }
        guard answer.status != 407 else {
            throw refusal(of: proxy, "it wants a login (407), and psrun logs into no proxy")
        }
        guard (200..<300).contains(answer.status) else {
            throw refusal(of: proxy, "it answered \(answer.status) \(answer.reason)")
        }
    }

    /// - Parameter reason: whole, with its full stop.
    private func proxyUnreachable(
        _ code: TransportError.Code,
        _ phase: ConnectionPhase,
        _ reason: String
    ) -> TransportError {
        let proxy = place.proxy?.shown ?? ""
        return TransportError(
            code,
            phase: phase,
            "\(place.label): the proxy \(proxy) cannot be reached, and the host was not tried: \(reason) "
                + "Check the proxy's address, or go without one."
        )
    }

    private func refusal(of proxy: WinRMProxy, _ reason: String) -> TransportError {
        TransportError(
            .proxyRefused,
            phase: .proxy,
            "\(place.label): the proxy \(proxy.shown) does not connect to \(place.host) port \(place.port): \(reason). "
                + "Look at the proxy's rules, or go without one."
        )
    }
}
