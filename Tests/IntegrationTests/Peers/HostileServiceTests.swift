import Glibc
import PSRunTestSupport
import Testing

/// What answers is not WinRM, or wants to do harm: an error with a code and a phase, in time, and nothing shown that should
/// not be.
struct HostileServiceTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Tests/Peers/hostile_http.py
    private final class Service: Sendable {
        let port: Int
        let folder: TemporaryFolder
        private let process: ChildProgram

        init(_ way: String) async throws {
            folder = try TemporaryFolder()
            process = try ChildProgram(Peers.command("hostile_http.py", [way, folder.path]))
            let file = folder.path(of: "port")
            var found: Int?
            for _ in 0..<1_500 where found == nil {
                found = (try? text(of: file)).flatMap { Int($0) }
                if found == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            guard let found else { throw TestSupportError("hostile_http.py: \(try process.errorsSoFar())") }
            port = found
        }

        deinit {
            process.signal(SIGKILL)
            _ = try? process.wait(seconds: 5)
        }

        var requests: Int { get throws { try text(of: folder.path(of: "log")).split(separator: "\n").count } }
    }

    private static let password = "correct horse"

    private func visit(_ service: Service, basic isBasic: Bool, _ more: [String] = []) async throws -> ProgramOutcome {
        let file = try place.folder.write(Self.password + "\n", to: "password", mode: 0o600)
        let login =
            isBasic
            ? ["-Credential", "op", "-Authentication", "Basic", "--allow-basic-over-http"]
            : ["-Credential", #"DOMAIN\op"#]
        let address = "http://localhost:\(service.port)/wsman"
        return try await place.psrun(
            ["-c", "echo in", "-CU", address, "--password-file", file, "--format", "json"] + login + more
        )
    }

    private static func told(_ way: String, _ isBasic: Bool, _ phase: String, _ code: String, _ words: String)
        -> (String, Bool, String, String, String)
    {
        (way, isBasic, phase, code, words)
    }

    @Test(
        "An answer that is none, or too much, ends in an error that says so",
        arguments: [
            told("banner", true, "create", "HTTPProtocolError", "does not begin as one of HTTP/1.1"),
            told("garbage", true, "create", "HTTPProtocolError", "line feed"),
            told("html", true, "create", "MalformedData", "not SOAP"),
            told("notsoap", true, "create", "MalformedData", "not a SOAP envelope"),
            told("badxml", true, "create", "MalformedData", "within a tag"),
            told("entities", true, "create", "MalformedData", "cannot be read"),
            told("deep", true, "create", "MalformedData", "cannot be read"),
            told("length", true, "create", "LimitExceeded", "an answer of more than"),
            told("lengths", true, "create", "HTTPProtocolError", "two ways"),
            told("negative", true, "create", "HTTPProtocolError", "not a number"),
            told("chunksize", true, "create", "HTTPProtocolError", "a chunk without a size"),
            told("chunks", true, "create", "LimitExceeded", "an answer of more than"),
            told("gzip", true, "create", "MalformedData", "cannot be read"),
            told("head", true, "create", "LimitExceeded", "a head of more than"),
            told("fields", true, "create", "LimitExceeded", "fields"),
            told("interim", true, "create", "LimitExceeded", "interim answers"),
            told("switching", true, "create", "HTTPProtocolError", "a change of protocol"),
            told("cut", true, "create", "ConnectionFailed", "closed the connection"),
            told("challenges", true, "auth", "AuthenticationFailed", "does not take Basic"),
            told("fault", true, "create", "FarSideError", "a false line"),
            told("otherfault", true, "create", "MalformedData", "to another request"),
            told("otheranswer", true, "create", "MalformedData", "cannot be read"),
            told("nowhere", true, "create", "Redirected", "not where"),
            told("login", true, "auth", "AuthenticationFailed", "407"),
            told("head", false, "auth", "LimitExceeded", "a head of more than"),
            told("challenges", false, "auth", "AuthenticationFailed", "does not take Negotiate"),
            told("token", false, "auth", "AuthenticationFailed", "login"),
            told("longtoken", false, "auth", "AuthenticationFailed", "login"),
            told("badtoken", false, "auth", "AuthenticationFailed", "no login to host/localhost"),
            told("unproven", false, "auth", "AuthenticationFailed", "did not prove"),
            told("again", false, "auth", "AuthenticationFailed", "does not take the login"),
            told("fault", false, "auth", "AuthenticationFailed", "500"),
            told("nowhere", false, "auth", "Redirected", "not where"),
            told("login", false, "auth", "AuthenticationFailed", "407"),
        ]
    )
    func answers(_ way: String, _ isBasic: Bool, _ phase: String, _ code: String, _ words: String) async throws {
        let service = try await Service(way)
        let outcome = try await visit(service, basic: isBasic, ["--connecting-timeout", "20s"])
        let target = try outcome.onlyTarget()
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(target.phase == phase && target.error?.code == code, "\(outcome)")
        let message = target.error?.message ?? ""
        #expect(message.contains(words) && !message.contains("standard output"), "\(message)")
        #expect(!message.contains("Unknown error") && !message.contains("\n"), "\(message)")
        for text in [outcome.output, outcome.errors] {
            #expect(!text.contains(Self.password) && !text.contains("b3A6Y29ycmVjdCBob3JzZQ"), "\(text)")
            #expect(
                !text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E },
                "\(text)"
            )
        }
        // Nobody is asked again whose answer was refused.
        #expect(try service.requests <= 3, "\(outcome)")
    }

    @Test("Redirections without an end are followed five times")
    func loop() async throws {
        let service = try await Service("loop")
        for isBasic in [true, false] {
            let outcome = try await visit(service, basic: isBasic, ["-AllowRedirection"])
            let error = try outcome.onlyTarget().error
            #expect(
                error?.code == "Redirected" && error?.message.contains("MaximumRedirection allows 5") == true,
                "\(outcome)"
            )
        }
        #expect(try service.requests == 12)
    }

    @Test(
        "Who is silent, or slow, has the time that was given and not the grace behind it",
        arguments: ["silent", "drip"]
    )
    func silent(_ way: String) async throws {
        let service = try await Service(way)
        let limits = [
            (["--connecting-timeout", "700ms"], "ConnectingTimeout", "700 ms of --connecting-timeout"),
            (["--target-timeout", "700ms"], "TargetTimeout", ""),
            (["-SessionOption", "OpenTimeout=700"], "ConnectingTimeout", "700 ms of -SessionOption OpenTimeout"),
        ]
        for (limit, code, words) in limits {
            let start = ContinuousClock.now
            let outcome = try await visit(service, basic: true, limit + ["--grace", "60s"])
            #expect(.now - start < .seconds(30), "\(outcome)")
            let target = try outcome.onlyTarget()
            #expect(target.phase == "create" && target.error?.code == code, "\(outcome)")
            #expect(target.error?.message.contains(words) == true, "\(outcome)")
        }
    }
    @Test("A login that takes too long on https is told as that, and not as the shell's")
    func slowLogin() async throws {
        let server = try await WSManServer(schemes: "negotiate", isTLS: true, command: nil)
        let file = try place.folder.write(Self.password + "\n", to: "password", mode: 0o600)
        let outcome = try await place.psrun([
            "-c", "echo in", "-CU", "https://localhost:\(server.port)/wsman?id=1&strike=auth:1:read:silent",
            "--ca-file",
            server.certificate, "-Credential", #"DOMAIN\op"#, "--password-file", file, "--format", "json",
            "--connecting-timeout", "2s",
        ])
        let target = try outcome.onlyTarget()
        #expect(target.phase == "auth" && target.error?.code == "ConnectingTimeout", "\(outcome)")
        #expect(target.error?.message.contains("while authenticating") == true, "\(outcome)")
    }
}
