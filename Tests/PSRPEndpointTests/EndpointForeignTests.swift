import CLIXML
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("What needs PowerShell is told so")
struct EndpointForeignTests {
    @Test("A cmdlet's name and a bare literal bring a hint beside the shell's message", arguments: TestedShell.allCases)
    func hints(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        for text in [" 'x' ", "Get-ChildItem; Remove-Item", "$x=1; true", "ls /etc | where { $_ }"] {
            let result = try endpoint.run(.probe(PSString(text)))
            let hints = result.errors.filter { $0.message.contains("this is a POSIX shell") }
            #expect(hints.count == 1 && result.errors.count > 1, "\(text): \(result.errors.map(\.message))")
        }
        let plain = try endpoint.run(.probe("nosuchprogram; apt-nosuch"))
        #expect(plain.errors.count == 2)
    }

    @Test(
        "Import-PSSession is refused: there is nothing to import",
        arguments: [["*"], ["Get-*"], ["ls", "Out-Default"]]
    )
    func importing(_ names: [String]) throws {
        let endpoint = try EndpointUnderTest().opened()
        let request = CommandMetadataRequest(names: names)
        let result = try endpoint.result(of: endpoint.client.createMetadataRequest(request))
        #expect(result.state == .failed && result.output.isEmpty)
        #expect(result.failure?.message.contains("Import-PSSession") == true)
    }

    @Test("$PSVersionTable is answered, its members too, as a value and on a console")
    func versions() throws {
        let endpoint = try EndpointUnderTest().opened()
        let table = try #require(try endpoint.run(.probe(" $PSVersionTable ")).output.first)
        #expect(table[key: "PSEdition"]?.text == "psrun" && table.entries?.count == 11)
        #expect(try endpoint.run(.probe("$psversiontable.psedition")).text == ["psrun"])
        let console = try endpoint.line("$PSVersionTable").console
        #expect(console.count == 15 && console.contains { $0.hasPrefix("PSEdition  ") && $0.hasSuffix(" psrun") })
        #expect(try endpoint.line("$PSVersionTable.PSVersion").console == ["7.4.0"])
        #expect(EndpointTask(.probe("$PSVersionTable.Nonsense")) != .versions(member: "nonsense", isConsole: false))
    }

    @Test(
        "Names that are PowerShell's",
        arguments: [
            ("Get-Item", true), ("write-host", true), ("where", true), ("=1", true), ("apt-get", false),
            ("ssh-keygen", false), ("get-", false), ("set", false), ("Get-Item-Now", false),
        ]
    )
    func names(_ name: String, _ expected: Bool) {
        #expect(PowerShellText.isForeign(name) == expected)
    }

    @Test("A prompt ends as a line editor of PowerShell's expects it")
    func prompt() {
        var facts = EndpointFacts(
            user: "op",
            computer: "web01",
            processID: 7,
            isPrivileged: false,
            shell: "sh",
            operatingSystem: "Linux",
            version: "0"
        )
        #expect(facts.prompt(workingDirectory: "/home/op") == "sh /home/op> ")
        facts.isPrivileged = true
        #expect(facts.prompt(workingDirectory: "/root") == "sh /root#> ")
    }
}
