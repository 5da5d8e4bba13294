import Configuration
import PSRunCommandLine
import Testing

/// One file of settings.
struct ConfigurationReaderTests {
    @Test("Numbers, words, truth values, lists and mappings are taken as the options take their texts")
    func values() throws {
        let read = try layer(
            """
            fanout: 16
            host-key-check: no
            color: never
            any-shell: yes
            retain-until: 2027-11-22
            option: {ServerAliveInterval: 30, Compression: yes}
            answer: ['Continue=y', 'Sure\\?=n']
            key-file: keys/id
            answer-secret: {Password: secret}
            ssh-config: none
            """
        )
        let texts = Dictionary(uniqueKeysWithValues: read.general.map { ($0.key, $0.texts) })
        #expect(texts["fanout"] == ["16"])
        #expect(texts["host-key-check"] == ["no"])
        #expect(texts["any-shell"] == ["true"])
        #expect(texts["retain-until"] == ["2027-11-22"])
        #expect(texts["option"] == ["ServerAliveInterval=30", "Compression=yes"])
        #expect(texts["answer"] == ["Continue=y", #"Sure\?=n"#])
        #expect(texts["key-file"] == ["/c/keys/id"])
        #expect(texts["answer-secret"] == ["Password=/c/secret"])
        #expect(texts["ssh-config"] == ["none"])
        #expect(read.general.first?.origin.description == "/c.yaml:1:1")
    }

    @Test("An empty file, and one of comments alone, set nothing", arguments: ["", "# nothing\n", "---\n", "hosts:\n"])
    func empty(text: String) throws {
        let read = try layer(text)
        #expect(read.general.isEmpty && read.groups.isEmpty)
    }

    @Test(
        "What is wrong is told with file, line, column and the way out",
        arguments: [
            ("fanuot: 3\n", "/c.yaml:1:1: there is no setting 'fanuot'. Did you mean fanout?"),
            (
                "user: a\nhost_key_check: no\n",
                "/c.yaml:2:1: there is no setting 'host_key_check'. Did you mean host-key-check?"
            ),
            ("forks: 3\n", "Did you mean fanout?"),
            ("ConnectingTimeout: 3s\n", "Did you mean connecting-timeout?"),
            ("KeyFilePath: k\n", "Did you mean key-file?"),
            ("ServerAliveInterval: 3\n", "write 'option: {ServerAliveInterval: VALUE}'"),
            ("become: true\n", "sudo stands in the playbook"),
            ("nonsense-altogether: 1\n", "'psrun config keys' lists them."),
            ("dry-run: true\n", "each run says what it does. It is an option of the command line alone."),
            ("host: web01\n", "each run says which hosts it is for"),
            ("fanout: 0\n", "/c.yaml:1:9: --fanout does not take '0': it takes a whole number from 1 to 10000."),
            ("step-timeout: 90\n", "/c.yaml:1:15: --step-timeout does not take '90': it needs a unit"),
            ("format: xml\n", "--format does not take 'xml'"),
            ("fanout: [1, 2]\n", "/c.yaml:1:9: fanout takes N, and this is a list."),
            ("fanout:\n", "fanout has no value; give N, or remove the line."),
            ("option: [{a: b}]\n", "option takes a list of KEY=VALUE, and this is a mapping."),
            ("answer: {'a=b': c}\n", "a name with '=' is written in a list"),
            ("fanout: 1\nfanout: 2\n", "/c.yaml:2:1: 'fanout' stands twice in one mapping"),
            (
                "password-file: a\npassword-command: b\n",
                "/c.yaml:2:1: password-file and password-command say the same thing"
            ),
            ("quiet: true\nverbose: true\n", "say the same thing"),
            (
                "hosts:\n  web*:\n    fanout: 3\n",
                "/c.yaml:3:5: fanout is for the run as a whole; set it outside of hosts."
            ),
            ("hosts:\n  'web[1':\n    user: a\n", "/c.yaml:2:3: 'web[1' does not say which hosts are meant"),
            ("hosts: [web]\n", "hosts is a mapping of patterns"),
            ("hosts:\n  web: deploy\n", "each pattern is followed by a mapping of settings; this is a text."),
            ("- fanout: 1\n", "a configuration file is a mapping, such as 'fanout: 64'; this is a list."),
            ("hosts:\n  *.lab:\n    user: a\n", "stands in quotes: '*…'."),
            ("hosts:\n  @db:\n    user: a\n", "stands in quotes: '@…'."),
            ("fanout: 1\n---\nfanout: 2\n", "a second document begins here; one is read"),
            ("user: [\n", "/c.yaml:2:1: "),
        ]
    )
    func refused(text: String, told: String) {
        #expect(message(text).contains(told), "\(message(text))")
    }

    @Test(
        "A secret in clear is refused, wherever it stands, names the ways, and is not shown",
        arguments: ["password", "passphrase", "pass", "ssh_pass", "sshpass", "ansible_password", "secret", "api_token"]
    )
    func secrets(key: String) {
        for text in ["\(key): hunter2\n", "hosts:\n  web*:\n    \(key): hunter2\n"] {
            let said = message(text)
            #expect(said.contains("secret in clear"), "\(said)")
            for way in ["password-file", "0600", "password-command", "password-credential", "terminal"] {
                #expect(said.contains(way))
            }
            #expect(!said.contains("hunter2"))
        }
    }

    @Test("What a misspelt name of a file of secrets means is suggested", arguments: ["password_file", "passwordfile"])
    func nearSecrets(key: String) {
        #expect(message("\(key): f\n").contains("Did you mean password-file?"))
    }

    @Test("A project's file sets what runs commands, names secrets or trusts hosts only where it is trusted")
    func projects() throws {
        for setting in Setting.all {
            let text = "\(setting.key): \(SettingTableTests.sample(setting)[0].quoted)\n"
            let said = message(text, .project)
            #expect(said.isEmpty == (setting.danger == nil), "\(said)")
            if setting.danger != nil { #expect(said.contains("trusted-projects")) }
            _ = try layer(text, .project, isTrusted: true)
        }
        #expect(message("trusted-projects: [/a]\n", .project).contains("a project cannot say that it is trusted"))
        #expect(try layer("trusted-projects: [/a, b]\n").trustedProjects == ["/a", "/c/b"])
    }

    @Test(
        "Every setting refuses a list where it takes a text, naming itself and the place",
        arguments: Setting.all.map(\.key)
    )
    func wrongKinds(key: String) throws {
        let setting = try #require(Setting.of(key: key))
        let said = message("# a comment\n\(key): {a: {b: c}}\n")
        #expect(said.hasPrefix("/c.yaml:2:") && said.contains(setting.key), "\(said)")
    }
}

extension String {
    fileprivate var quoted: String { "'\(self)'" }
}
