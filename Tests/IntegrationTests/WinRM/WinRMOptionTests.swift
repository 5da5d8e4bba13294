import PSRunTestSupport
import Testing

/// Session options and their like through psrun as a program: each honoured, or refused by its name.
@Suite(.serialized)
struct WinRMOptionTests {
    /// An option, and what the server is told for it.
    struct Said: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: [String]
        let what: String
        let value: String

        init(_ sentence: String, _ options: [String], _ what: String, _ value: String) {
            testDescription = sentence
            (self.options, self.what, self.value) = (options, what, value)
        }
    }

    private static func of(_ text: String) -> [String] { ["-SessionOption", text] }

    static let said: [Said] = [
        Said("Texts are in the language of UICulture", of("UICulture=fr-FR"), "locale", "fr-FR"),
        Said("Dates and numbers are as Culture has them", of("Culture=de-DE"), "data locale", "de-DE"),
        Said("Without NoMachineProfile the profile is read", of("NoCompression"), "option WINRS_NOPROFILE", ""),
        Said("NoMachineProfile leaves it out", of("NoMachineProfile"), "option WINRS_NOPROFILE", "1"),
        Said("IdleTimeout is the server's", of("IdleTimeout=120000"), "idle", "PT120S"),
        Said("OperationTimeout is of each operation", of("OperationTimeout=30s"), "operation timeout", "PT30S"),
        Said("A time may be named by its milliseconds", of("OperationTimeoutMSec=4000"), "operation timeout", "PT4S"),
        Said("MaximumEnvelopeSize is told", of("MaximumEnvelopeSize=64KB"), "envelope", "65536"),
        Said("ApplicationArguments reach the session", of("ApplicationArguments=a=b=c"), "argument a", "b=c"),
        Said("SkipRevocationCheck is what is done", of("SkipRevocationCheck"), "envelope", "153600"),
        Said("ProxyAccessType None is what is done", of("ProxyAccessType=None"), "envelope", "153600"),
    ]

    @Test("A server is told what a session option says", arguments: said)
    func told(_ row: Said) async throws {
        let plan = WinRMRow("", at: .http, as: "op", password: .ofServer, with: row.options, .enters(by: nil))
        let found = try await plan.run(dialect: "windows", in: try Workplace())
        #expect(found.outcome.ending == .exited(0), "\(found.outcome)")
        let said = found.log.first { $0.what == "came" && $0.operation == "Create" }?.said ?? [:]
        #expect(said[row.what] ?? "" == row.value, "\(said)")
    }

    static let rows: [WinRMRow] = [
        WinRMRow(
            "OpenTimeout bounds all of connecting",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "strike=Create:1:read:silent",
            with: of("OpenTimeout=700"),
            .fails("ConnectingTimeout", in: "create", [])
        ),
        WinRMRow(
            "Five redirections are followed",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "redirect=self&redirects=5",
            with: ["-AllowRedirection"],
            .enters(by: "negotiate ntlm")
        ),
        WinRMRow(
            "Six are not",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "redirect=self&redirects=6",
            with: ["-AllowRedirection"],
            .fails("Redirected", in: "create", ["6 times", "5"])
        ),
        WinRMRow(
            "MaximumRedirection allows fewer",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "redirect=self&redirects=3",
            with: ["-AllowRedirection", "-SessionOption", "MaximumRedirection=2"],
            .fails("Redirected", in: "create", ["3 times", "2"])
        ),
        WinRMRow(
            "Nobody is redirected unasked",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "redirect=self",
            .fails("Redirected", in: "create", ["-AllowRedirection"])
        ),
        WinRMRow(
            "An IdleTimeout of less than a minute is refused",
            at: .http,
            as: "op",
            with: of("IdleTimeout=10s"),
            .refused(["IdleTimeout", "60000"])
        ),
        WinRMRow(
            "A proxy needs https",
            at: .http,
            as: "op",
            with: of("Proxy=http://127.0.0.1:1"),
            .refused(["https alone"])
        ),
        WinRMRow(
            "Windows's own settings for proxies are not here",
            at: .http,
            as: "op",
            with: of("ProxyAccessType=IEConfig"),
            .refused(["ProxyAccessType", "Proxy=http://HOST:PORT"])
        ),
    ]

    @Test("What an option asks for is done, or told", arguments: rows)
    func done(_ row: WinRMRow) async throws { try await row.check(dialect: "windows") }

    @Test(
        "Options that psrun does not have are refused by their names, with the reason",
        arguments: [
            "MaxConnectionRetryCount=3", "MaximumReceivedDataSizePerCommand=1MB", "OutputBufferingMode=Drop",
            "UseUTF16",
            "Nonsense=1",
        ]
    )
    func refused(_ text: String) async throws {
        let name = text.split(separator: "=")[0]
        let words = name == "Nonsense" ? "there is no session option" : "\(name) is not taken: "
        try await WinRMRow("", at: .http, as: "op", with: Self.of(text), .refused([words])).check(dialect: "windows")
    }

    @Test("An object past MaximumReceivedObjectSize ends the session, and is told by its size")
    func tooLarge() async throws {
        let more = Self.of("MaximumReceivedObjectSize=20KB")
        let row = WinRMRow("", at: .http, as: "op", password: .ofServer, with: more, .enters(by: nil))
        let line = "head -c 100000 /dev/zero | tr '\\0' y"
        let found = try await row.run(line, dialect: "windows", in: try Workplace())
        #expect(found.outcome.ending == .exited(1), "\(found.outcome)")
        #expect(try found.outcome.onlyTarget().error?.code == "LimitExceeded", "\(found.outcome)")
    }

    @Test(
        "A connection that is lost amid a line is made anew, and the line goes on",
        arguments: [
            "ReceiveCommand:1:read:reset", "ReceiveCommand:1:done:reset", "ReceiveCommand:1:head:close",
            "ReceiveCommand:1:body:reset", "Receive:2:done:close",
        ]
    )
    func lost(_ strike: String) async throws {
        let (plan, op) = ("strike=\(strike)", #"DOMAIN\op"#)
        let row = WinRMRow("", at: .http, as: op, password: .ofServer, plan: plan, .enters(by: nil))
        let found = try await row.run("echo in; sleep 1; echo out", dialect: "windows", in: try Workplace())
        #expect(found.outcome.ending == .exited(0), "\(found.outcome)")
        #expect(try found.outcome.onlyTarget().steps.first?.output == "in\nout\n", "\(found.outcome)")
        let commands = found.log.filter { $0.what == "came" && $0.operation == "Command" }
        #expect(Set(commands.compactMap(\.message)).count == commands.count)
    }

    @Test("A line whose request was lost is unknown, and never sent again", arguments: ["windows", "omi"])
    func unknown(_ dialect: String) async throws {
        let place = try Workplace()
        let mark = place.folder.path(of: "mark")
        let row = WinRMRow(
            "",
            at: .http,
            as: "op",
            password: .ofServer,
            plan: "strike=Command:2:done:reset",
            .enters(by: nil)
        )
        let found = try await row.run("echo ran >> '\(mark)'", dialect: dialect, in: place)
        let target = try found.outcome.onlyTarget()
        #expect(target.steps.map(\.outcome) == ["unknown"], "\(found.outcome)")
        #expect(found.log.filter { $0.what == "came" && $0.operation == "Command" }.count == 2)
        #expect(try text(of: mark) == "ran\n")
    }
}
