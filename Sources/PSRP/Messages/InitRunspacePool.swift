import CLIXML

/// INIT_RUNSPACEPOOL (MS-PSRP 2.2.2.2): one runspace, and the host that its pipelines write to.
enum InitRunspacePool {
    /// - Parameters:
    ///   - isKept: whether the pool outlives who visits it, which psrun's endpoint wants to know; others ignore it.
    ///   - arguments: what the far side finds in `$PSSenderInfo.ApplicationArguments`.
    static func value(
        host: HostDescription,
        isKept: Bool = false,
        arguments: [(name: String, value: String)] = []
    ) -> PSValue {
        .properties([
            ("MinRunspaces", .int32(1)),
            ("MaxRunspaces", .int32(1)),
            ("PSThreadOptions", .int32(0)),
            ("ApartmentState", .int32(2)),
            ("HostInfo", hostInfo(host)),
            ("ApplicationArguments", applicationArguments(isKept, arguments)),
        ])
    }

    private static let keptName = "PSRunKept"

    private static func applicationArguments(_ isKept: Bool, _ arguments: [(name: String, value: String)]) -> PSValue {
        let kept = isKept ? [PSEntry(.string(PSString(keptName)), .bool(true))] : []
        let entries = arguments.map { PSEntry(.string(PSString($0.name)), .string(PSString($0.value))) } + kept
        guard !entries.isEmpty else { return .null }
        return .object(PSObject(typeNames: PSTypeNames.primitiveDictionary, base: .dictionary(entries)))
    }

    /// Whether whoever opens a pool says that it is kept.
    static func isKept(_ value: PSValue) -> Bool {
        value["ApplicationArguments"]?[key: keptName] == .bool(true)
    }

    /// What a pipeline says of its host: that it is the pool's.
    static let inheritedHostInfo = PSValue.properties([
        ("_isHostNull", .bool(true)),
        ("_isHostUINull", .bool(true)),
        ("_isHostRawUINull", .bool(true)),
        ("_useRunspaceHost", .bool(true)),
    ])

    /// The fewest and the most runspaces of a pool, at least 1 each; what a client does not say is 1.
    static func runspaces(of value: PSValue) -> (least: Int32, most: Int32) {
        let least = max(1, value["MinRunspaces"]?.int32Value ?? 1)
        return (least, max(least, value["MaxRunspaces"]?.int32Value ?? 1))
    }

    /// The host's sizes and title; nil where the client has no host, or one without a screen.
    static func host(of value: PSValue) throws(PSRPError) -> HostDescription? {
        let info = try value.required("HostInfo")
        guard let data = info["_hostDefaultData"]?["data"], let entries = data.entries else {
            return nil
        }
        func entry(_ key: Int32) -> PSValue? {
            entries.first { $0.key.int32Value == key }?.value["V"]
        }
        let buffer = entry(5)
        let window = entry(6)
        guard let columns = (buffer ?? window)?["width"]?.int32Value else { return nil }
        let rows = (window ?? buffer)?["height"]?.int32Value ?? 0
        return HostDescription(columns: columns, rows: rows, title: entry(9)?.text ?? "")
    }

    /// Colours, positions and sizes as a terminal of this size has them (MS-PSRP 2.2.3.14); RawUI questions are answered
    /// from here and never cross the wire. Its own colours are -1, "none", and its cursor has the size 100, as those of
    /// PowerShell's console on Linux (client/tty): a Write-Host without colours has none.
    private static func hostInfo(_ host: HostDescription) -> PSValue {
        let window = size(host.columns, host.rows)
        let data = PSValue.dictionary([
            (.int32(0), color(-1)),
            (.int32(1), color(-1)),
            (.int32(2), origin),
            (.int32(3), origin),
            (.int32(4), typed("System.Int32", .int32(100))),
            (.int32(5), size(host.columns, 3000)),
            (.int32(6), window),
            (.int32(7), window),
            (.int32(8), window),
            (.int32(9), typed("System.String", .string(host.title))),
        ])
        return .properties([
            ("_hostDefaultData", .properties([("data", data)])),
            ("_isHostNull", .bool(false)),
            ("_isHostUINull", .bool(false)),
            ("_isHostRawUINull", .bool(false)),
            ("_useRunspaceHost", .bool(false)),
        ])
    }

    private static let origin = typed(
        "System.Management.Automation.Host.Coordinates",
        .properties([("x", .int32(0)), ("y", .int32(0))])
    )

    private static func color(_ number: Int32) -> PSValue {
        typed("System.ConsoleColor", .int32(number))
    }

    private static func size(_ width: Int32, _ height: Int32) -> PSValue {
        typed(
            "System.Management.Automation.Host.Size",
            .properties([("width", .int32(width)), ("height", .int32(height))])
        )
    }

    private static func typed(_ type: String, _ value: PSValue) -> PSValue {
        .properties([("T", .string(type)), ("V", value)])
    }
}
