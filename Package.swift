// swift-tools-version: 6.2
// Every dependency is the toolchain's own or one of Debian's -dev packages; see Sources/psrun/psrun.docc/Dependencies.md.
// Which module may import which stands here and nowhere else: HouseTests/ImportRuleTests holds the sources to it.

import PackageDescription

let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A library of psrun's own, with the house's settings.
func library(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: houseSettings)
}

/// The libraries made with `sansIO`, which are the product SansIO: HouseTests/ImportRuleTests reads it there.
var sansIOModules: [String] = []

/// A library that knows no system, no clock and no randomness: it may import only other libraries of this kind.
@MainActor func sansIO(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    sansIOModules.append(name)
    return library(name, dependencies, resources: resources)
}

/// The tests of one library; `fixtures` says that they have a folder of that name.
func tests(of name: String, with dependencies: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "PSRunTestSupport"] + dependencies,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: houseSettings
    )
}

let package = Package(
    name: "psrun",
    products: [
        .executable(name: "psrun", targets: ["psrun"]),
        // What a host needs that others only enter: no library but the C library's.
        .executable(name: "psrun-endpoint", targets: ["psrun-endpoint"]),
        // Put before the C library of programs under test, and so not linked to anything.
        .library(name: "FaultyDisk", type: .dynamic, targets: ["FaultyDisk"]),
    ],
    targets: [
        // MARK: Debian's libraries, and what the C library's variadic calls need
        .systemLibrary(name: "CLibSSH", pkgConfig: "libssh", providers: [.apt(["libssh-dev"])]),
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // Nettle, Hogweed and GMP, by the names in its module map: no pkg-config file has all three for static linking.
        .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev", "libgmp-dev"])]),
        // By the names in its module map: its pkg-config file has flags that the package manager does not take.
        .systemLibrary(name: "CGSSAPI", providers: [.apt(["libkrb5-dev"])]),
        .systemLibrary(name: "CLinux"),
        // Headers alone (libvirt-dev): MachineTransport loads the library where it is needed.
        .systemLibrary(name: "CLibvirt"),
        .target(name: "CShellGuard"),

        // MARK: Sans-IO: bytes in, values and bytes out
        sansIO("PSRunVersion"),

        sansIO("CLIXML"),
        tests(of: "CLIXML", fixtures: true),

        sansIO("PSRP", ["CLIXML"]),
        tests(of: "PSRP", with: ["CLIXML"], fixtures: true),

        // What carries PSRP to Windows: WS-Management's envelopes, and the operations in them, in HTTP/1.1.
        sansIO("WSManEnvelope", ["CLIXML"]),
        tests(of: "WSManEnvelope", with: ["CLIXML"]),

        sansIO("HTTPMessages"),
        tests(of: "HTTPMessages"),

        sansIO("WSMan", ["CLIXML", "PSRP", "WSManEnvelope"]),
        tests(of: "WSMan", with: ["CLIXML", "PSRP", "WSManEnvelope"], fixtures: true),

        sansIO("Playbooks"),
        tests(of: "Playbooks", fixtures: true),

        sansIO("ConsoleText"),
        tests(of: "ConsoleText"),

        sansIO("Sessions", ["CLIXML", "Playbooks", "PSRP"]),
        tests(of: "Sessions", with: ["CLIXML", "ConsoleText", "Playbooks", "PSRP"]),

        sansIO("NodeSets"),
        tests(of: "NodeSets", fixtures: true),

        sansIO("RecordingFormat"),
        tests(of: "RecordingFormat"),

        sansIO("Resuming", ["RecordingFormat"]),
        tests(of: "Resuming", with: ["Playbooks", "Recording", "RecordingFormat"]),

        // The page's parts become bytes of the program, not files beside it.
        sansIO(
            "RecordingExport",
            ["ConsoleText", "RecordingFormat"],
            resources: [
                "page.css", "fleet.css", "toolbar.html", "player.html", "first.js", "sessions.js", "packs.js",
                "player.js",
                "filters.js", "search.js", "grid.js", "fleet.js", "controls.js",
            ].map { .embedInCode("Page/\($0)") }
        ),
        tests(of: "RecordingExport", with: ["RecordingFormat"]),

        sansIO("Folding", ["ConsoleText", "NodeSets"]),
        tests(of: "Folding", with: ["NodeSets"]),

        sansIO("Progress", ["ConsoleText"]),
        tests(of: "Progress", with: ["ConsoleText"]),

        sansIO("RunFormats", ["ConsoleText", "RecordingFormat"]),
        tests(of: "RunFormats", with: ["RecordingFormat"]),

        sansIO("Redaction", ["ConsoleText"]),
        tests(of: "Redaction"),

        sansIO("Replay", ["ConsoleText"]),
        tests(of: "Replay"),

        // When a night begins, under which lock, and what whoever runs it by the clock reads.
        sansIO("Schedules", ["RecordingFormat"]),
        tests(of: "Schedules"),

        // What of a night is told.
        sansIO("Nights", ["ConsoleText", "NodeSets", "Schedules"]),
        tests(of: "Nights", with: ["Schedules"]),

        // Sessions that stay open: who is in a held pool, and what its broker is asked.
        sansIO("KeptSessions", ["CLIXML", "PSRP"]),
        tests(of: "KeptSessions", with: ["CLIXML", "PSRP", "PSRPEndpoint"]),

        sansIO("Sharding"),
        tests(of: "Sharding"),

        // A POSIX shell of the far side, and its guard.
        sansIO("ShellDriver"),
        tests(of: "ShellDriver", with: ["Files", "Processes", "PSRPEndpoint"]),

        // What WinRM's messages are sealed in, and how its connections are authenticated.
        sansIO("MessageSeal"),
        tests(of: "MessageSeal", fixtures: true),

        sansIO("WinRMAuth", ["CLIXML", "MessageSeal"]),
        tests(of: "WinRMAuth", with: ["SessionCryptography"]),

        // What somebody may ask of the way in over WS-Management, and the target that it makes.
        sansIO("WinRMParameters"),
        tests(of: "WinRMParameters"),

        sansIO("PSRunCommandLine", ["Sharding", "WinRMParameters"]),
        tests(of: "PSRunCommandLine", with: ["WinRMParameters"], fixtures: true),

        sansIO("Configuration", ["NodeSets", "PSRunCommandLine"]),
        tests(of: "Configuration", with: ["ConfigurationFiles", "PSRunCommandLine"]),

        // MARK: Thin IO
        library("Patterns", ["CPCRE2"]),
        tests(of: "Patterns"),

        library("YAML", ["CLibYAML"]),
        tests(of: "YAML"),

        library("SystemErrors"),
        tests(of: "SystemErrors"),

        library("Files", ["CLinux", "SystemErrors"]),
        tests(of: "Files"),

        library("Threads", ["CLinux", "Files"]),
        tests(of: "Threads"),

        library("EventLoops", ["CLinux", "Files", "SystemErrors", "Threads"]),
        tests(of: "EventLoops", with: ["Files"]),

        library("Processes", ["CLinux", "EventLoops", "Files", "SystemErrors", "Threads"]),
        tests(of: "Processes", with: ["EventLoops", "Files"]),

        library("ConfigurationFiles", ["Configuration", "Files", "PSRunCommandLine", "YAML"]),
        tests(of: "ConfigurationFiles", with: ["Configuration", "PSRunCommandLine"]),

        // MARK: Which targets, and when
        sansIO("Scheduling"),
        tests(of: "Scheduling"),

        library(
            "Inventories",
            ["Files", "Patterns", "Processes", "SystemErrors", "WinRMParameters", "YAML"]
        ),
        tests(of: "Inventories", with: ["WinRMParameters", "YAML"], fixtures: true),

        // MARK: Ways in
        library("Connections", ["CLinux", "EventLoops", "Files", "Processes", "PSRP", "Scheduling", "SystemErrors"]),
        tests(of: "Connections", with: ["CLIXML", "EventLoops", "PSRP"]),

        // TLS without a socket, whom it trusts, and whose certificates it shows.
        library("TLS", ["COpenSSL", "Files", "SystemErrors"]),
        tests(of: "TLS", with: ["CLinux", "COpenSSL", "Files"]),

        library("Certificates", ["Files", "SystemErrors", "Threads", "TLS"]),
        tests(of: "Certificates", with: ["Files", "TLS"]),

        library("CredSSP", ["Files", "TLS"]),
        tests(of: "CredSSP", with: ["Files", "TLS"]),

        library(
            "SSHTransport",
            [
                "CCrypto", "CLibSSH", "Connections", "EventLoops", "Files", "Processes", "PSRP", "Scheduling",
                "SystemErrors", "Threads",
            ]
        ),
        tests(of: "SSHTransport", with: ["Connections", "Files"]),

        library("ProcessTransport", ["Connections", "EventLoops", "Files", "Processes", "Threads"]),
        tests(of: "ProcessTransport", with: ["Connections", "EventLoops"]),

        library("PipeTransport", ["Connections", "EventLoops", "Files", "SystemErrors", "Threads"]),
        tests(of: "PipeTransport", with: ["Connections"]),

        library(
            "SessionBroker",
            [
                "CLinux", "CLIXML", "Connections", "EventLoops", "Files", "KeptSessions", "Processes", "PSRP",
                "SystemErrors",
                "Threads",
            ]
        ),
        tests(of: "SessionBroker"),

        library(
            "ContainerTransport",
            ["Connections", "EventLoops", "Files", "Processes", "ProcessTransport", "PSRP", "Threads"]
        ),
        tests(of: "ContainerTransport", with: ["Connections"]),

        library(
            "MachineTransport",
            ["CLibvirt", "Connections", "EventLoops", "Files", "Processes", "PSRP", "SystemErrors", "Threads"]
        ),
        tests(of: "MachineTransport", with: ["Connections"]),

        // Kerberos and NTLM, whose calls wait for KDCs.
        library("GSSWorker", ["CGSSAPI", "Connections", "EventLoops", "MessageSeal", "Threads", "WinRMAuth"]),
        tests(of: "GSSWorker", with: ["Connections", "EventLoops", "MessageSeal", "SessionCryptography", "WinRMAuth"]),

        library("SessionCryptography", ["CCrypto", "PSRP", "WinRMAuth"]),
        tests(of: "SessionCryptography", with: ["EndpointCryptography", "PSRP"], fixtures: true),

        library("EndpointCryptography", ["CNettle", "PSRP"]),

        // Shells of WinRM services: sockets, HTTP, TLS, logins and seals together.
        library(
            "WSManTransport",
            [
                "Connections", "CredSSP", "EventLoops", "Files", "GSSWorker", "HTTPMessages", "MessageSeal", "PSRP",
                "Scheduling", "Threads", "TLS", "WinRMAuth", "WSMan", "WSManEnvelope",
            ]
        ),
        tests(
            of: "WSManTransport",
            with: [
                "CLIXML", "Connections", "EventLoops", "Files", "GSSWorker", "PSRP", "Threads", "TLS", "WinRMAuth",
                "WSManEnvelope",
            ]
        ),

        // MARK: What stands on them
        library("PSRPEndpoint", ["CLIXML", "CShellGuard", "Files", "Processes", "PSRP", "SystemErrors"]),
        tests(of: "PSRPEndpoint", with: ["CLIXML", "CShellGuard", "Files", "Processes", "PSRP"], fixtures: true),

        // The endpoint's session in this process, over a shell of the far side.
        library("ShellTransport", ["Connections", "EventLoops", "Files", "PSRP", "PSRPEndpoint", "ShellDriver"]),
        tests(of: "ShellTransport", with: ["Connections", "SSHTransport"]),

        library(
            "Recording",
            [
                "CCrypto", "CLibArchive", "CLinux", "CZstd", "Files", "Playbooks", "RecordingFormat", "SystemErrors",
                "Threads",
            ]
        ),
        tests(of: "Recording", with: ["CrashingRecorder", "Files", "RecordingFormat", "Threads"]),
        .executableTarget(
            name: "CrashingRecorder",
            dependencies: ["Files", "Recording", "RecordingFormat"],
            path: "Tests/CrashingRecorder",
            swiftSettings: houseSettings
        ),

        library(
            "Audit",
            ["Files", "Processes", "Recording", "RecordingFormat", "SystemErrors", "Threads"]
        ),
        tests(
            of: "Audit",
            with: [
                "Certificates", "CLIXML", "Configuration", "ConfigurationFiles", "Connections", "ContainerTransport",
                "CrashingRecorder", "CredSSP", "CZstd", "Files", "HTTPMessages", "KeptSessions", "MachineTransport",
                "MessageSeal", "NodeSets", "Playbooks", "Processes", "PSRP", "Recording", "RecordingFormat",
                "Redaction", "Schedules", "SessionBroker", "SessionCryptography", "Sessions", "SSHTransport",
                "Threads", "TLS", "WinRMAuth", "WSMan", "WSManEnvelope", "YAML",
            ]
        ),

        library("Merging", ["Audit", "Recording", "RecordingFormat"]),

        library("RecordingSearch", ["ConsoleText", "Patterns", "Recording", "RecordingFormat", "Threads"]),
        tests(of: "RecordingSearch", with: ["Patterns", "Recording", "RecordingFormat"]),

        library(
            "Fleet",
            [
                "Certificates", "CLIXML", "Connections", "ConsoleText", "ContainerTransport", "EventLoops", "Files",
                "GSSWorker", "KeptSessions", "MachineTransport", "Patterns", "PipeTransport", "Playbooks", "Processes",
                "ProcessTransport", "PSRP", "Recording", "RecordingFormat", "Redaction", "SessionBroker",
                "SessionCryptography", "Sessions", "ShellTransport",
                "SSHTransport", "Threads", "TLS", "WinRMAuth", "WinRMParameters", "WSManEnvelope", "WSManTransport",
            ]
        ),
        tests(
            of: "Fleet",
            with: [
                "CLIXML", "Connections", "EventLoops", "Patterns", "Playbooks", "Processes",
                "ProcessTransport", "PSRP", "RecordingFormat", "Sessions", "ShellTransport", "WinRMParameters",
            ]
        ),

        tests(
            of: "Merging",
            with: [
                "Audit", "CLIXML", "Connections", "Fleet", "Playbooks", "PSRP", "Recording", "RecordingFormat",
                "Sessions", "Sharding", "SilentRuns",
            ]
        ),

        library("Terminals", ["CLinux", "Files", "Processes", "Sessions", "Threads"]),
        tests(of: "Terminals", with: ["Files", "Threads"]),

        library(
            "ExportFiles",
            [
                "Files", "Processes", "PSRunCommandLine", "Recording", "RecordingExport", "RecordingFormat",
                "RecordingSearch", "SystemErrors",
            ]
        ),
        tests(of: "ExportFiles", with: ["Files", "PSRunCommandLine"]),

        library(
            "Reports",
            [
                "Audit", "Configuration", "ConsoleText", "Folding", "KeptSessions", "NodeSets", "Patterns", "Playbooks",
                "PSRunCommandLine", "Recording", "RecordingExport", "RecordingFormat", "RecordingSearch", "Resuming",
            ]
        ),
        tests(of: "Reports", with: ["KeptSessions", "Playbooks", "RecordingFormat"]),

        library(
            "PastRuns",
            ["Audit", "Files", "Recording", "RecordingFormat", "Resuming", "SystemErrors"]
        ),

        // MARK: What a run is made of, and what is told of it
        library(
            "Targets",
            [
                "Configuration", "ContainerTransport", "Files", "Fleet", "Inventories", "KeptSessions",
                "MachineTransport", "NodeSets",
                "PipeTransport", "PSRunCommandLine", "RecordingFormat", "Sharding", "SSHTransport", "SystemErrors",
                "WinRMParameters", "YAML",
            ]
        ),
        tests(
            of: "Targets",
            with: [
                "Configuration", "ConfigurationFiles", "Files", "Fleet", "PSRunCommandLine", "RecordingFormat",
                "SSHTransport", "WinRMParameters",
            ]
        ),

        library(
            "Preparation",
            [
                "Audit", "CLinux", "Configuration", "Connections", "EventLoops", "Files", "Fleet", "MachineTransport",
                "PastRuns", "Patterns", "Playbooks", "ProcessTransport", "PSRunCommandLine", "Recording",
                "RecordingFormat", "Sessions", "Sharding", "SSHTransport", "Targets", "Threads", "WinRMParameters",
            ]
        ),
        tests(of: "Preparation", with: ["Patterns", "Sessions"]),

        library(
            "Results",
            [
                "CLinux", "ConsoleText", "Files", "Fleet", "Folding", "Playbooks", "Processes",
                "Progress", "PSRunCommandLine", "RecordingExport", "RecordingFormat", "Reports", "RunFormats",
                "Sessions", "SystemErrors", "Terminals", "Threads",
            ]
        ),

        // Sessions that stay open: what psrun asks of their broker, and what carries one.
        library(
            "SessionCommands",
            [
                "Configuration", "EventLoops", "Files", "Fleet", "KeptSessions", "Preparation", "Processes",
                "PSRunCommandLine", "RecordingFormat", "Reports", "SessionBroker", "Sessions", "Targets", "Terminals",
            ]
        ),

        // A run by the clock.
        library(
            "NightRuns",
            [
                "EventLoops", "Files", "Fleet", "Nights", "Patterns", "Preparation", "Processes", "PSRunCommandLine",
                "Recording", "RecordingFormat", "RecordingSearch", "Reports", "Results", "Schedules", "Sessions",
                "SystemErrors", "Threads",
            ]
        ),
        tests(of: "NightRuns", with: ["Files", "Schedules"]),

        library(
            "PSRunCommands",
            [
                "Audit", "Configuration", "ConfigurationFiles", "Connections", "ConsoleText", "EventLoops",
                "ExportFiles", "Files", "Fleet", "Merging", "NightRuns", "NodeSets", "PastRuns", "Patterns",
                "PipeTransport", "Playbooks", "Preparation", "Processes", "PSRPEndpoint", "PSRunCommandLine",
                "PSRunVersion", "Recording", "RecordingExport", "RecordingFormat", "RecordingSearch", "Replay",
                "Reports", "Resuming", "Results", "SessionBroker", "SessionCommands", "SessionCryptography", "Sessions",
                "Sharding", "SystemErrors", "Targets", "Terminals", "Threads",
            ]
        ),
        tests(
            of: "PSRunCommands",
            with: [
                "CrashingRecorder", "Fleet", "PSRunCommandLine", "Recording", "RecordingFormat", "Replay", "Sharding",
            ]
        ),

        .executableTarget(name: "psrun", dependencies: ["Processes", "PSRunCommands"], swiftSettings: houseSettings),
        .executableTarget(
            name: "psrun-endpoint",
            dependencies: ["EndpointCryptography", "Processes", "PSRPEndpoint", "PSRunVersion"],
            swiftSettings: houseSettings
        ),

        // MARK: What the tests stand on
        .target(name: "FaultyDisk", path: "Tests/FaultyDisk"),
        library(
            "PSRunTestSupport",
            ["CLIXML", "Connections", "COpenSSL", "EventLoops", "Files", "Processes", "PSRP", "SystemErrors"]
        ),
        .target(
            name: "SilentRuns",
            dependencies: ["Fleet", "Playbooks", "Sessions", "Threads"],
            path: "Tests/SilentRuns",
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "HouseTests",
            dependencies: [
                "PSRunCommandLine", "PSRunTestSupport", "RecordingFormat",
            ],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["PSRunTestSupport", "psrun"],
            exclude: ["Fixtures"],
            swiftSettings: houseSettings
        ),
        .executableTarget(
            name: "KilledFleet",
            dependencies: [
                "CLIXML", "Connections", "Fleet", "PastRuns", "Playbooks", "PSRP", "PSRunTestSupport", "Recording",
                "RecordingFormat", "Resuming", "Sessions", "SilentRuns",
            ],
            path: "Tests/KilledFleet",
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "TortureTests",
            dependencies: [
                "Fleet", "KilledFleet", "PSRunTestSupport", "Playbooks", "psrun", "SSHTransport", "Sessions",
                "SilentRuns",
            ],
            swiftSettings: houseSettings
        ),
    ]
)

package.products.append(.library(name: "SansIO", targets: sansIOModules))
// Each library is a product, for the benchmarks' package in Tests/Benchmarks.
package.products += package.targets
    .filter { $0.type == .regular && $0.name != "FaultyDisk" }
    .map { .library(name: $0.name, targets: [$0.name]) }
