import Connections
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// Proxies, which are there where somebody asks for one, and nowhere else.
@Suite(.serialized)
struct WSManProxyTests {
    /// Tests/Peers/connect_proxy.py
    private final class Proxy: Sendable {
        let port: Int
        private let folder: TemporaryFolder
        private let process: ChildProgram

        init(_ mode: String) async throws {
            folder = try TemporaryFolder()
            let file = folder.path(of: "port")
            process = try ChildProgram(Peers.command("connect_proxy.py", [file, mode]))
            var found: Int?
            for _ in 0..<500 where found == nil {
                found = (try? text(of: file)).flatMap { Int($0) }
                if found == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            port = found ?? 0
        }

        deinit {
            process.signal(SIGKILL)
            _ = try? process.wait(seconds: 5)
        }

        var log: [String] {
            ((try? text(of: folder.path(of: "port.log"))) ?? "").split(separator: "\n").map(String.init)
        }
    }

    private func transport(_ fixture: WSManFixture, _ id: String, _ proxy: Proxy?) throws -> WSManTransport {
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
        let proxy = try await Proxy("open")
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, WSManFixture.newID(), proxy))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        #expect(outcome.durations[.proxy] != nil)
        #expect(Set(proxy.log) == ["CONNECT 127.0.0.1:\(fixture.server.port) HTTP/1.1"])
    }

    @Test("A proxy that refuses is told with what it said, and the server hears nothing")
    func refuses() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await Proxy("403")
        let id = WSManFixture.newID()
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, id, proxy))
        #expect(outcome.code == "ProxyRefused" && outcome.phase == .proxy, "\(outcome)")
        #expect(outcome.failure?.contains("403") == true)
        #expect(try fixture.server.log(of: id).isEmpty)
    }

    @Test("The environment's proxies are not asked")
    func environment() async throws {
        let fixture = try await WSManFixture(.basicOverHTTPS)
        let proxy = try await Proxy("open")
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] {
            setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
        }
        defer { for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"] { unsetenv(name) } }
        let outcome = await Visit(["echo in"]).run(over: try transport(fixture, WSManFixture.newID(), nil))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        #expect(proxy.log.isEmpty)
    }
}
