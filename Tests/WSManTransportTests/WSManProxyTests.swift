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
        try transport(fixture, id, proxy.map { WinRMProxy(host: "127.0.0.1", port: UInt16($0.port)) })
    }

    private func transport(_ fixture: WSManFixture, _ id: String, _ proxy: WinRMProxy?) throws -> WSManTransport {
        var place = fixture.place(id)
        place.proxy = proxy
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

    @Test("A proxy that answers with what is not HTTP is told as a proxy that does not connect")
    func garbage() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await ConnectProxy("garbage")
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, WSManFixture.newID(), proxy))
        #expect(outcome.code == "ProxyRefused" && outcome.phase == .proxy, "\(outcome)")
        #expect(
            outcome.failure?.contains("the proxy 127.0.0.1:\(proxy.port) does not connect to") == true,
            "\(outcome)"
        )
    }

    @Test("A proxy that is down, or that nobody knows, is told as the proxy, with its address and the way out")
    func down() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let free = try SSHServer.freePort()
        for (host, port, phase, code) in [
            ("127.0.0.1", UInt16(free), ConnectionPhase.tcp, "ConnectionFailed"),
            ("proxy.invalid", 3128, .resolve, "NameNotResolved"),
        ] {
            let outcome = await Visit(["echo in"]).run(
                over: try transport(fixture, WSManFixture.newID(), WinRMProxy(host: host, port: port))
            )
            #expect(outcome.phase == phase && outcome.code == code, "\(outcome)")
            let message = outcome.failure ?? ""
            #expect(
                message.contains("the proxy \(host):\(port) cannot be reached, and the host was not tried"),
                "\(message)"
            )
            #expect(message.hasSuffix("Check the proxy's address, or go without one."), "\(message)")
            #expect(!message.contains("host is up"), "\(message)")
        }
    }

    @Test("The environment's proxies are not asked")
    func environment() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await ConnectProxy("open")
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] {
            setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
        }
        defer { for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] { unsetenv(name) } }
        let outcome = await Visit(["echo in"]).run(
            over: try transport(fixture, WSManFixture.newID(), nil as WinRMProxy?)
        )
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        #expect(proxy.log.isEmpty)
    }
}
