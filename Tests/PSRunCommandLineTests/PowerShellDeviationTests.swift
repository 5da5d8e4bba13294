import PSRunCommandLine
import Testing
import WinRMParameters

/// Each deviation is seen: the binder does what the manual says.
struct PowerShellDeviationTests {
    @Test("Where psrun differs from PowerShell on purpose, it does", arguments: PowerShellDeviation.allCases)
    func holds(deviation: PowerShellDeviation) throws {
        switch deviation {
        case .oneLetterIsUnix:
            // PowerShell takes -H for -HostName, and -N for -Name.
            #expect(code(of: "x.ps1", "-H", "web01") == .unknownOption)
            #expect(try run("x.ps1", "-n").dryRun)
        case .operandIsPlaybook:
            #expect(try run("web01").playbook == .file("web01"))
            #expect(try run("web01").targets == .local)
        case .nothingIsLocal:
            #expect(ParameterSetResolution.resolve([]) == .local)
        case .connectingTimeoutIsLocalToo:
            #expect(try run("x.ps1", "-ConnectingTimeout", "5").connectingTimeout == .milliseconds(5))
            #expect(try run("x.ps1", "-ConnectingTimeout", "-5").connectingTimeout == nil)
            #expect(code(of: "x.ps1", "-ConnectingTimeout", "0") == .invalidArgument)
        case .optionsAreKeyValue:
            let ssh = try run("x.ps1", "-HostName", "a", "-Options", "Port=1", "-Options", "user=B").ssh
            #expect(ssh?.choices.options.map(\.keyword) == ["Port", "user"])
            #expect(code(of: "x.ps1", "-HostName", "a", "-Options", "@{A=1}") == .invalidArgument)
        case .hostNameRepeats:
            #expect(try run("x.ps1", "-HostName", "a", "-HostName", "b[1-2]", "-HostName", "-").ssh?.hosts.count == 4)
            #expect(try run("x.ps1", "-Cn", "a,b[1-2]", "-Cn", "c").ssh?.hosts.count == 4)
            #expect(try run("x.ps1", "-CU", "http://a", "-CU", "https://b").ssh?.hosts.count == 2)
        case .processIsATargetToo:
            #expect(try run("p.ps1", "-CustomPipeName", "kept").targets == .process(.pipe("kept")))
        case .checksAreSkippedByName:
            let sources = try run("p.ps1", "-ComputerName", "a", "-SkipCACheck", "-SkipCNCheck").targets
            guard case .ssh(let hosts, _) = sources else { throw UsageError(.unexpectedArgument, "no computers") }
            #expect(hosts.winRM.skipsCACheck == true && hosts.winRM.skipsCNCheck == true)
        case .hostNameIsWhole:
            #expect(try HostName.parse(#"DOMAIN\op@[fe80::1%eth0]"#).description == #"DOMAIN\op@[fe80::1%eth0]"#)
            #expect(code(of: "x.ps1", "-HostName", "a/b") == .invalidHostName)
        case .containersRepeat:
            guard case .containers(let choices) = try run("x.ps1", "-ContainerId", "a", "-ContainerId", "b").targets
            else {
                throw UsageError(.unexpectedArgument, "no containers")
            }
            #expect(choices.containers == ["a", "b"])
        case .neverAsks:
            #expect(code(of: "x.ps1", "-UserName", "op") == .missingParameter)
            #expect(code(of: "x.ps1", "-VMName", "v") == .missingParameter)
        case .commonParameters:
            #expect(try run("x.ps1", "-Verbose", "-Debug", "-ErrorAction", "Stop").errorAction == .stop)
            #expect(code(of: "x.ps1", "-ErrorAction", "SilentlyContinue") == .invalidArgument)
            #expect(code(of: "x.ps1", "-OutVariable", "v") == .notInPipeline)
        }
    }

    private func run(_ arguments: String...) throws -> RunInvocation {
        guard case .run(let invocation) = try bind(arguments: arguments) else {
            throw UsageError(.unexpectedArgument, "not the run verb")
        }
        return invocation
    }

    private func code(of arguments: String...) -> UsageError.Code? {
        do {
            _ = try bind(arguments: arguments)
            return nil
        } catch {
            return error.code
        }
    }
}
