import Glibc
import PSRunTestSupport
import Testing

@testable import TLS

/// apache, lighttpd and openssl's own server, over sockets.
struct RealServerTests {
    /// A server that ends with this value.
    private final class Running: Sendable {
        let port: UInt16
        private let program: ChildProgram
        private let folder: TemporaryFolder

        /// - Parameter command: the program with its arguments, in a folder of its own that it may write to.
        init(_ command: (_ folder: TemporaryFolder, _ port: UInt16) throws -> [String]) throws {
            folder = try TemporaryFolder()
            port = try LoopbackStream.freePort()
            program = try ChildProgram(command(folder, port))
        }

        deinit {
            program.signal(SIGTERM)
            _ = try? program.wait(seconds: 5)
        }

        var said: String { ((try? program.outputSoFar()) ?? "") + ((try? program.errorsSoFar()) ?? "") }
    }

    private static func client(newest: TLSSettings.Version, certificate: String?) async throws -> TLSEngine {
        var settings = try await TLSPair.settings()
        settings.newest = newest
        if let certificate {
            let text = try contents(of: try await TestCertificates.path(certificate))
            let own = try #require(CertificateReading.certificates(inPEM: text).first)
            settings.clientCertificate = ClientCertificate(
                own,
                try CertificateReading.privateKey(inPEM: text, passphrase: nil),
                chain: []
            )
        }
        return try TLSEngine(TLSContext(settings), host: "localhost")
    }

    private static func apache() async throws -> Running {
        let host = try await TestCertificates.path("host.pem")
        let authority = try await TestCertificates.path("authority.pem")
        return try Running { folder, port in
            try folder.makeFolder("www", mode: 0o755)
            try folder.write("plain\n", to: "www/plain")
            try folder.write("guarded\n", to: "www/guarded")
            chmod(folder.path, 0o755)
            let modules = ["mpm_prefork", "authz_core", "headers", "ssl"].map {
                "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n"
            }
            let text =
                modules.joined() + """
                    ServerName localhost
                    ServerRoot \(folder.path)
                    PidFile \(folder.path)/pid
                    ErrorLog \(folder.path)/error
                    DefaultRuntimeDir \(folder.path)
                    Mutex file:\(folder.path)
                    StartServers 1
                    User \(getuid() == 0 ? "www-data" : "#\(getuid())")
                    DocumentRoot \(folder.path)/www
                    Listen 127.0.0.1:\(port)
                    SSLEngine on
                    SSLSessionCache none
                    SSLCertificateFile \(host)
                    SSLCACertificateFile \(authority)
                    Header always set X-Client "%{SSL_CLIENT_S_DN_CN}s"
                    <Directory \(folder.path)/www>
                      Require all granted
                    </Directory>
                    <Location /guarded>
                      SSLVerifyClient require
                    </Location>

                    """
            let file = try folder.write(text, to: "apache.conf")
            return ["/usr/sbin/apache2", "-f", file, "-D", "FOREGROUND"]
        }
    }

    @Test(
        "Apache gets the certificate that it asks for in the middle of a request, whatever the request's size",
        arguments: [TLSSettings.Version.tls12, .tls13],
        [5, 100_000]
    )
    func apacheAsksLater(version: TLSSettings.Version, size: Int) async throws {
        let server = try await Self.apache()
        let client = try await Self.client(newest: version, certificate: "client.pem")
        let plain = try SocketClient.ask(client, port: server.port, SocketClient.post("/plain", size))
        #expect(plain.hasPrefix("HTTP/1.1 200"), "\(plain)\(server.said)")
        let again = try await Self.client(newest: version, certificate: "client.pem")
        let guarded = try SocketClient.ask(again, port: server.port, SocketClient.post("/guarded", size))
        #expect(guarded.hasPrefix("HTTP/1.1 200"), "\(guarded)\(server.said)")
        #expect(guarded.contains("X-Client: operator\r\n"))
    }

    @Test("Apache turns down a client without a certificate", arguments: [TLSSettings.Version.tls12, .tls13])
    func apacheGetsNone(version: TLSSettings.Version) async throws {
        let server = try await Self.apache()
        let client = try await Self.client(newest: version, certificate: nil)
        let request = SocketClient.post("/guarded", 5)
        do {
            let answer = try SocketClient.ask(client, port: server.port, request)
            #expect(answer.hasPrefix("HTTP/1.1 403"), "\(answer)")
        } catch {
            #expect((error as? TLSFailure)?.message.isEmpty == false, "\(error)")
        }
    }

    @Test(
        "A server of lighttpd gets the certificate that it demands in the handshake",
        arguments: [TLSSettings.Version.tls12, .tls13]
    )
    func lighttpdDemands(version: TLSSettings.Version) async throws {
        let host = try await TestCertificates.path("host.pem")
        let authority = try await TestCertificates.path("authority.pem")
        let server = try Running { folder, port in
            try folder.makeFolder("www", mode: 0o755)
            try folder.write("plain\n", to: "www/plain")
            let text = """
                server.modules = ("mod_openssl")
                server.document-root = "\(folder.path)/www"
                server.port = \(port)
                server.bind = "127.0.0.1"
                server.errorlog = "\(folder.path)/error"
                ssl.engine = "enable"
                ssl.pemfile = "\(host)"
                ssl.verifyclient.activate = "enable"
                ssl.verifyclient.enforce = "enable"
                ssl.verifyclient.ca-file = "\(authority)"

                """
            return ["/usr/sbin/lighttpd", "-D", "-f", try folder.write(text, to: "lighttpd.conf")]
        }
        let request = Array("GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        let client = try await Self.client(newest: version, certificate: "client.pem")
        let answer = try SocketClient.ask(client, port: server.port, request)
        #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)\(server.said)")
        #expect(answer.hasSuffix("plain\n"))
        let stranger = try await Self.client(newest: version, certificate: "stranger.pem")
        #expect(throws: TLSFailure.self) { try SocketClient.ask(stranger, port: server.port, request) }
    }

    @Test(
        "The server of openssl speaks with the client in TLS 1.2 and 1.3",
        arguments: [TLSSettings.Version.tls12, .tls13]
    )
    func opensslServes(version: TLSSettings.Version) async throws {
        let host = try await TestCertificates.path("host.pem")
        let server = try Running { _, port in
            ["/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", host, "-www"]
        }
        let client = try await Self.client(newest: version, certificate: nil)
        let answer = try SocketClient.ask(client, port: server.port, Array("GET / HTTP/1.0\r\n\r\n".utf8))
        #expect(answer.contains("200 ok"), "\(answer)\(server.said)")
    }
}
