import Configuration
import PSRunCommandLine
import Testing

/// What the environment sets.
struct EnvironmentSettingsTests {
    @Test("Every setting can be set by its variable")
    func all() throws {
        for setting in Setting.all {
            let texts = SettingTableTests.sample(setting)
            let read = try EnvironmentSettings([setting.variable: texts.joined(separator: "\n"), "PATH": "/bin"])
            #expect(read.layer.general.map(\.texts) == [texts], "\(setting.variable)")
            #expect(read.layer.general.map(\.origin.description) == [setting.variable])
            #expect(read.unread == [])
        }
    }

    @Test("An empty variable sets nothing; yes, no, on and off are truth values")
    func texts() throws {
        #expect(try EnvironmentSettings(["PSRUN_FANOUT": ""]).layer.general.isEmpty)
        for (text, truth) in [("yes", "true"), ("OFF", "false"), ("1", "1"), ("true", "true")] {
            #expect(try EnvironmentSettings(["PSRUN_QUIET": text]).layer.general.flatMap(\.texts) == [truth])
        }
    }

    @Test("A variable that is nearly one is told, one that is another program's is not")
    func unknown() throws {
        let read = try EnvironmentSettings([
            "PSRUN_FANUOT": "3", "PSRUN_SEED": "7", "PSRUN_TORTURE": "1", "PSRUN_MUTATIONS": "9",
            "PSRUN_TEST_KEYS": "k",
            "PSRUN_LONG_TESTS": "1", "PSRUN_CONFIG": "none", "PSRUN_NO_ACCESS_LOG": "1",
        ])
        #expect(read.warnings == ["PSRUN_FANUOT is not a variable of psrun's; did you mean PSRUN_FANOUT?"])
        #expect(read.unread.count == 6)
    }

    @Test("A value that the option refuses is refused, naming the variable")
    func refused() {
        #expect(throws: ConfigurationError.self) { try EnvironmentSettings(["PSRUN_FANOUT": "many"]) }
        do throws(ConfigurationError) {
            _ = try EnvironmentSettings(["PSRUN_FANOUT": "many"])
        } catch {
            #expect(error.message.hasPrefix("PSRUN_FANOUT: --fanout does not take 'many'"))
        }
    }

    @Test("A secret in a variable is refused and not shown", arguments: ["PSRUN_PASSWORD", "PSRUN_SSH_PASSWORD"])
    func secret(name: String) {
        do throws(ConfigurationError) {
            _ = try EnvironmentSettings([name: "hunter2"])
            Issue.record("\(name) is taken")
        } catch {
            #expect(error.code == .secretInClear)
            #expect(error.message.hasPrefix("\(name): ") && !error.message.contains("hunter2"))
        }
    }

    @Test("Two variables that say the same thing contradict each other")
    func contradiction() {
        #expect(throws: ConfigurationError.self) {
            try EnvironmentSettings(["PSRUN_PASSWORD_FILE": "a", "PSRUN_PASSWORD_COMMAND": "b"])
        }
    }
}
