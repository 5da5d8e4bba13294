import Files
import Glibc

/// A realm of MIT Kerberos's on 127.0.0.1 (Tests/Peers/kerberos_realm.sh): PSRUN.TEST, with the users alice and bob.
package final class KerberosRealm: Sendable {
    package static let name = "PSRUN.TEST"
    package static let alice = "alice@PSRUN.TEST"
    /// Of all its users.
    package static let password = "Pässword 1"

    package let folder: TemporaryFolder
    private let process: ChildProgram

    /// For KRB5_CONFIG, and KRB5_KTNAME of a service's.
    package var configuration: String { folder.path(of: "krb5.conf") }
    package var keytab: String { folder.path(of: "keytab") }

    /// Makes and starts it, in some hundred milliseconds.
    /// - Parameters:
    ///   - services: whose keys the keytab gets.
    ///   - others: further realms that its krb5.conf has, and the port of the KDC of each.
    ///   - life: how long tickets hold, as kdc.conf has it.
    ///   - keyType: what all keys are for, by the names of kdc.conf(5).
    package init(
        services: [String] = ["host/localhost", "HTTP/localhost"],
        others: [String: Int] = [:],
        life: String = "12h",
        keyType: String = "aes256-cts"
    ) async throws {
        folder = try TemporaryFolder()
        try folder.write(others.map { "\($0.key) \($0.value)\n" }.joined(), to: "realms")
        let port = try SSHServer.freePort()
        process = try ChildProgram(
            ["\(Peers.folder)/kerberos_realm.sh", folder.path, "\(port)"] + services,
            environment: ChildProgram.environment(
                home: folder.path,
                adding: ["TICKET_LIFE": life, "KEY_TYPE": keyType]
            )
        )
        for _ in 0..<3_000 {
            if FilePaths.exists(folder.path(of: "ready")), LoopbackHTTP.listens(on: port) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("kerberos_realm.sh: \(try process.errorsSoFar())")
    }

    deinit {
        process.signal(SIGTERM)
        _ = try? process.wait(seconds: 5)
    }

    /// What a program needs to be a client of the realm's, and nothing of this machine's own.
    package var environment: [String: String] {
        ["KRB5_CONFIG": configuration, "KRB5CCNAME": "FILE:\(folder.path(of: "no-tickets"))"]
    }

    /// Gets a user tickets, as kinit does.
    /// - Parameter life: how long they hold.
    /// - Returns: the cache that has them, as KRB5CCNAME has it.
    package func tickets(of user: String = "alice", life: String = "1h") async throws -> String {
        let cache = "FILE:\(folder.path(of: "tickets-\(user)"))"
        let outcome = try await ChildProgram.run(
            ["/usr/bin/kinit", "-l", life, "-c", cache, "\(user)@\(Self.name)"],
            environment: ChildProgram.environment(adding: environment),
            input: Array("\(Self.password)\n".utf8)
        )
        guard outcome.ending == .exited(0) else { throw TestSupportError("kinit: \(outcome)") }
        return cache
    }

    /// What the KDC has logged: a line for each request, with its kind (AS_REQ, TGS_REQ).
    package func log() throws -> [Substring] { try text(of: folder.path(of: "kdc.log")).split(separator: "\n") }
}
