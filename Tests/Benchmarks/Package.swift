// swift-tools-version: 6.2
// The benchmarks that are written in Swift: a package of their own, so that no build and no test of psrun waits for them.

import PackageDescription

/// The name that the package manager gives to psrun's package, which is that of the checkout's folder. The benchmarks
/// take it too, since psrun's modules are of `package` access.
let checkout = Context.packageDirectory.split(separator: "/").dropLast(2).last ?? "psrun"
let identifier = checkout.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
let packageName = (identifier.first?.isNumber == true ? "_" : "") + identifier

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-package-name", packageName]),
]

/// The package manager would name this package as theirs: they say by themselves that they are of psrun's.
func benchmark(_ name: String, _ modules: [String], with others: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: others + modules.map { .product(name: $0, package: "psrun") },
        packageAccess: false,
        swiftSettings: settings
    )
}

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "psrun", path: "../..")],
    targets: [
        benchmark("CLIXMLBenchmark", ["CLIXML"]),
        .target(
            name: "SimulatedFarSide",
            dependencies: ["CLIXML", "Connections", "Fleet", "PSRP", "PSRunTestSupport", "Sessions"].map {
                .product(name: $0, package: "psrun")
            },
            packageAccess: false,
            swiftSettings: settings
        ),
        benchmark(
            "LoopsBenchmark",
            ["Connections", "EventLoops", "Fleet", "Playbooks", "Sessions"],
            with: ["SimulatedFarSide"]
        ),
        benchmark(
            "FoldingBenchmark",
            [
                "Connections", "EventLoops", "Fleet", "Playbooks", "PSRunCommandLine", "RecordingFormat", "Results",
                "Sessions",
            ],
            with: ["SimulatedFarSide"]
        ),
        benchmark(
            "ScaleBenchmark",
            ["Fleet", "PipeTransport", "Playbooks", "SSHTransport", "Sessions", "SilentRuns"],
            with: ["SimulatedFarSide"]
        ),
        benchmark("RecordingBenchmark", ["Files", "Recording", "RecordingFormat"]),
    ]
)
