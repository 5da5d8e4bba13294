import PSRunTestSupport
import Synchronization
import Testing

/// One row of WinRM's tables: what is asked for where, and what comes of it. Its sentence names it.
struct WinRMRow: Sendable, CustomTestStringConvertible {
    enum Password: String, Sendable {
        case ofServer, ofRealm, wrong
        case none
    }

    enum Tickets: Sendable { case none, ofAlice }

    enum Outcome: Sendable {
        /// The line ran, and every connection was proved so: `negotiate ntlm`. nil where somebody in front of the server does it.
        case enters(by: String?)
        /// Nothing ran, and these are in the error, which names the phase.
        case fails(_ code: String, in: String, [String])
        /// Wrong usage, with these words: nothing connects.
        case refused([String])
    }

    let testDescription: String
    let service: WinRMSite.Service
    var user: String?
    var password = Password.none
    var tickets = Tickets.none
    /// What stands in the URL for the server.
    var plan = ""
    var options: [String] = []
    let outcome: Outcome

    init(
        _ sentence: String,
        at service: WinRMSite.Service,
        as user: String? = nil,
        password: Password = .none,
        tickets: Tickets = .none,
        plan: String = "",
        with options: [String] = [],
        _ outcome: Outcome
    ) {
        testDescription = sentence
        self.service = service
        self.user = user
        self.password = password
        self.tickets = tickets
        self.plan = plan
        self.options = options
        self.outcome = outcome
    }

    private static let numbers = Mutex(0)

    /// What came of it: psrun's own words, and what the server wrote down.
    struct Found: Sendable {
        let outcome: ProgramOutcome
        let log: [WSManServer.Entry]
    }

    /// Runs psrun as a program: `-ComputerName` in the dialect of Windows, `-ConnectionUri` in that of OMI.
    func run(_ line: String = "echo in", dialect: String, in place: Workplace) async throws -> Found {
        let (port, server) = try await WinRMSite.shared.place(service)
        let id = Self.numbers.withLock { number in
            number += 1
            return "row-\(number)"
        }
        let isTLS = service == .https || service == .realmByTLS
        // An application's name is a path, in which nothing goes wrong.
        let isComputer = dialect == "windows" && plan.isEmpty
        let query = "wsman?id=\(id)&dialect=\(dialect)&idle=1" + (plan.isEmpty ? "" : "&\(plan)")
        let computer = ["-ComputerName", "localhost", "-Port", "\(port)", "-ApplicationName", "wsman/\(id)"]
        let way =
            isComputer
            ? computer + (isTLS ? ["-UseSSL"] : [])
            : ["-ConnectionUri", "\(isTLS ? "https" : "http")://localhost:\(port)/\(query)"]
        let outcome = try await place.psrun(
            ["-c", line, "--format", "json"] + way + login(in: place) + options,
            environment: environment(),
            within: 60
        )
        return Found(outcome: outcome, log: try server.log(of: id))
    }

    private func login(in place: Workplace) throws -> [String] {
        guard let user else { return [] }
        let text: String? =
            switch password {
            case .ofServer: WSManServer.password
            case .ofRealm: KerberosRealm.password
            case .wrong: "not this one"
            case .none: nil
            }
        let file = try text.map { try place.folder.write($0 + "\n", to: "password", mode: 0o600) }
        return ["-Credential", user] + (file.map { ["--password-file", $0] } ?? [])
    }

    /// A client of the realm's; other services have none.
    private func environment() async throws -> [String: String] {
        guard service == .realm || service == .realmByTLS else {
            return ["KRB5_CONFIG": "/dev/null", "KRB5CCNAME": "MEMORY:none"]
        }
        let realm = try await WinRMSite.shared.kerberos.value()
        guard tickets == .ofAlice else { return realm.environment }
        return realm.environment.merging(["KRB5CCNAME": try await realm.tickets()]) { $1 }
    }

    /// Runs it, and checks what came of it.
    func check(dialect: String) async throws {
        let found = try await run(dialect: dialect, in: try Workplace())
        let (outcome, log) = (found.outcome, found.log)
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(log)")
        let logins = Set(log.filter { $0.what.hasPrefix("login: ") }.map { $0.what.dropFirst("login: ".count) })
        switch self.outcome {
        case .enters(let proof):
            #expect(outcome.ending == .exited(0), "\(outcome)")
            #expect(try outcome.onlyTarget().steps.first?.output == "in\n", "\(outcome)")
            if let proof { #expect(logins == [proof[...]], "\(log)") }
        case .fails(let code, let phase, let words):
            #expect(outcome.ending == .exited(4), "\(outcome)")
            let target = try outcome.onlyTarget()
            #expect(target.error?.code == code && target.phase == phase, "\(outcome)")
            let message = target.error?.message ?? ""
            for word in [target.target, "in phase \(phase)"] + words { #expect(message.contains(word), "\(message)") }
            #expect(!log.contains { $0.operation == "Command" }, "\(log)")
            if phase == "auth" { #expect(logins.isEmpty, "\(log)") }
        case .refused(let words):
            #expect(outcome.ending == .exited(2), "\(outcome)")
            for word in words { #expect(outcome.errors.contains(word), "\(outcome)") }
            #expect(log.isEmpty)
        }
    }
}
