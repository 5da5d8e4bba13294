import Connections
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// Proxies, which are there where somebody asks for one, and nowhere else.
@Suite(.serialized)
struct WSManProxyTests {
    private func transport(_ fixture: WSManFixture, _ id: String, _ proxy: ConnectProxy?) throws -> WSManTransport {
        var place = fixture.place(id)
        place.proxy = proxy.map { WinRMProxy(host: "127.0.0.1", port: UInt16($0.port)) }
        return WSManTransport(
            to: place,
            environment: WSManFixture.environment(),
            patience: .seconds(5),
            loop: try TestLoops.next()
        )
    }

    @Test("A proxy connects to the server, and TLS is spoken with the server")
    func connects() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await ConnectProxy("open")
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, WSManFixture.newID(), proxy))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        #expect(outcome.durations[.proxy] != nil)
        #expect(Set(proxy.log) == ["CONNECT 127.0.0.1:\(fixture.server.port) HTTP/1.1"])
    }

    @Test("A proxy that refuses is told with what it said, and the server hears nothing")
    func refuses() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await ConnectProxy("403")
        let id = WSManFixture.newID()
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, id, proxy))
        #expect(outcome.code == "ProxyRefused" && outcome.phase == .proxy, "\(outcome)")
        #expect(outcome.failure?.contains("403") == true)
        #expect(try fixture.server.log(of: id).isEmpty)
    }

    @Test("The environment's proxies are not asked")
    func environment() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await ConnectProxy("open")
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] {
            setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
        }
        defer { for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] { unsetenv(name) } }
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, WSManFixture.newID(), nil))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        #expect(proxy.log.isEmpty)
    }
}
