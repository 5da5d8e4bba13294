import Configuration
import ConfigurationFiles
import Glibc
import PSRunCommandLine
import PSRunTestSupport
import Testing

/// Where configuration files are looked for, and which of them are read.
struct LoadedConfigurationTests {
    private let folder: TemporaryFolder
    private let home: String
    private let project: String

    init() throws {
        folder = try TemporaryFolder()
        home = try folder.makeFolder("home")
        for name in ["home/.config", "home/.config/psrun", "xdg", "xdg/psrun", "own", "own/psrun", "system"] {
            try folder.makeFolder(name)
        }
        project = try folder.makeFolder("fleet")
        try folder.makeFolder("fleet/playbooks")
    }

    private func load(in place: String? = nil, _ environment: [String: String] = [:]) throws -> LoadedConfiguration {
        var places = ConfigurationPlaces(
            workingFolder: place ?? "\(project)/playbooks",
            home: home,
            environment: ["XDG_CONFIG_DIRS": "relative:\(folder.path)/xdg"].merging(environment) { _, new in new }
        )
        places.systemFolder = folder.path(of: "system")
        return try LoadedConfiguration(places)
    }

    private func refusal(in place: String? = nil, _ environment: [String: String] = [:]) -> String {
        do {
            _ = try load(in: place, environment)
            return ""
        } catch {
            return (error as? CommandFailure)?.message ?? "\(error)"
        }
    }

    private func fanout(_ loaded: LoadedConfiguration) -> [String] {
        loaded.settings.values().filter { $0.key == "fanout" }.flatMap(\.texts)
    }

    @Test(
        "The environment goes before the project, the project before the user, the user before the system's files in order"
    )
    func order() throws {
        let places = [
            "system/config.yaml", "xdg/psrun/config.yaml", "home/.config/psrun/config.yaml", "fleet/psrun.yaml",
        ]
        for (index, path) in places.enumerated() {
            try folder.write("fanout: \(index + 1)\n", to: path)
            #expect(fanout(try load()) == ["\(index + 1)"], "\(path)")
        }
        #expect(fanout(try load(["PSRUN_FANOUT": "9"])) == ["9"])
        let files = try load().files
        #expect(files.map(\.layer) == [.project, .user, .system, .system])
        #expect(files.allSatisfy { $0.state == .read })
        #expect(files.map(\.path) == places.reversed().map { folder.path(of: $0) })
    }

    @Test("XDG_CONFIG_HOME names the user's folder; a relative one does not count")
    func userFolder() throws {
        try folder.write("fanout: 5\n", to: "own/psrun/config.yaml")
        try folder.write("fanout: 6\n", to: "home/.config/psrun/config.yaml")
        #expect(fanout(try load(["XDG_CONFIG_HOME": folder.path(of: "own")])) == ["5"])
        #expect(fanout(try load(["XDG_CONFIG_HOME": "own"])) == ["6"])
    }

    @Test("PSRUN_CONFIG names the one file that is read, or none")
    func named() throws {
        try folder.write("fanout: 6\n", to: "home/.config/psrun/config.yaml")
        let file = try folder.write("fanout: 7\n", to: "other.yaml")
        #expect(fanout(try load(["PSRUN_CONFIG": file])) == ["7"])
        #expect(fanout(try load(in: folder.path, ["PSRUN_CONFIG": "other.yaml"])) == ["7"])
        #expect(fanout(try load(["PSRUN_CONFIG": "none"])) == [])
        #expect(refusal(["PSRUN_CONFIG": "/no/such/file"]).contains("is not there"))
    }

    @Test("The project's file is the nearest one, up to the home folder; two names in one folder are refused")
    func nearest() throws {
        try folder.write("fanout: 1\n", to: "psrun.yaml")
        try folder.write("fanout: 2\n", to: "fleet/.psrun.yaml")
        #expect(fanout(try load()) == ["2"])
        try folder.write("fanout: 3\n", to: "fleet/playbooks/psrun.yaml")
        #expect(fanout(try load()) == ["3"])
        #expect(fanout(try load(in: home)) == [])
        #expect(fanout(try load(in: folder.path)) == ["1"])
        try folder.write("fanout: 3\n", to: "fleet/psrun.yaml")
        #expect(refusal(in: project).contains("are both there; keep one"))
    }

    @Test(
        "A project in a folder that others may change is not read, and that is said; further up nothing is said or read"
    )
    func othersFolder() throws {
        try folder.write("fanout: 2\n", to: "fleet/psrun.yaml")
        #expect(chmod(project, 0o777) == 0)
        let loaded = try load(in: project)
        #expect(fanout(loaded) == [])
        #expect(loaded.warnings == ["\(project)/psrun.yaml is not read: others own or may change its folder."])
        #expect(loaded.files.first?.state == .leftOut("others own or may change its folder"))
        #expect(try load().warnings == [])
        #expect(fanout(try load()) == [])
    }

    @Test("A project in another user's folder is not read", .enabled(if: geteuid() == 0))
    func strangersFolder() throws {
        try folder.write("fanout: 2\n", to: "fleet/psrun.yaml")
        #expect(chown(project, 12_345, 12_345) == 0)
        #expect(try load(in: project).warnings.count == 1)
    }

    @Test(
        "A file that others may write to is refused, wherever it stands",
        arguments: [
            "fleet/psrun.yaml", "home/.config/psrun/config.yaml", "xdg/psrun/config.yaml", "system/config.yaml",
        ]
    )
    func writable(path: String) throws {
        for mode: UInt32 in [0o664, 0o646] {
            let file = try folder.write("fanout: 2\n", to: path, mode: mode)
            #expect(refusal() == "\(file) cannot be used: others may write to it; chmod go-w it first.")
        }
        try folder.write("fanout: 2\n", to: path, mode: 0o600)
        #expect(fanout(try load()) == ["2"])
        if geteuid() == 0 {
            #expect(chown(folder.path(of: path), 12_345, 12_345) == 0)
            #expect(refusal().contains("it belongs to another user"))
        }
    }

    @Test("A file that is too large, is a folder, or cannot be read is refused")
    func unreadable() throws {
        try folder.write([UInt8](repeating: 0x23, count: LoadedConfiguration.mostBytes + 1), to: "system/config.yaml")
        #expect(refusal().contains("it holds more than 1 MiB"))
        try folder.makeFolder("fleet/psrun.yaml")
        #expect(refusal().contains("it holds more than 1 MiB") || refusal().contains("it is a folder"))
        try folder.write("fanout: 1\n", to: "system/config.yaml")
        #expect(refusal().contains("it is a folder"))
    }

    @Test("A project sets what it may; all where the user's file trusts its folder, or one above it")
    func trust() throws {
        try folder.write("password-command: 'echo x'\n", to: "fleet/psrun.yaml")
        #expect(refusal().contains("\(project)/psrun.yaml:1:1: a project's file must not set password-command"))
        for trusted in [project, folder.path, "~/../fleet"] {
            try folder.write("trusted-projects: '\(trusted)'\n", to: "home/.config/psrun/config.yaml")
            #expect(refusal() == "", "\(trusted)")
        }
        try folder.write(
            "trusted-projects: ['\(project)x', '\(project)/playbooks']\n",
            to: "home/.config/psrun/config.yaml"
        )
        #expect(refusal().contains("must not set password-command"))
    }

    @Test("Paths in a file are its folder's or the home folder's; names on the far side are left alone")
    func paths() throws {
        try folder.write(
            "key-file: keys/id\nload-profile: lib/p.ps1\nsign-key: ~/k\npassword-file: /p\n",
            to: "home/.config/psrun/config.yaml"
        )
        let texts = try load().settings.values().map(\.texts)
        #expect(texts == [["\(home)/.config/psrun/keys/id"], ["/p"], ["lib/p.ps1"], ["\(home)/k"]])
    }

    @Test("Without a home folder or a working folder the system's files are left")
    func nowhere() throws {
        try folder.write("fanout: 4\n", to: "system/config.yaml")
        var places = ConfigurationPlaces(workingFolder: nil, home: nil, environment: ["XDG_CONFIG_DIRS": "/nowhere"])
        places.systemFolder = folder.path(of: "system")
        #expect(fanout(try LoadedConfiguration(places)) == ["4"])
    }
}
