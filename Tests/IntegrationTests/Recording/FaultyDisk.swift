import PSRunTestSupport

/// A disk that fails under psrun: a library that stands before the C library and fails what is done to the files of the
/// recordings folder (see Tests/FaultyDisk/include/FaultyDisk.h).
struct FaultyDisk: Sendable {
    /// Which operation fails, and how; none for a disk that is well and only counts.
    struct Fault: Sendable, CustomStringConvertible {
        let nth: Int
        let code: Int32
        /// Whether all that follow fail too, and a write that fails has first written half of its bytes.
        let fillsUp: Bool
        /// Whether it never returns, and nor does any that follows.
        var isSilent = false

        var description: String {
            "operation \(nth), \(isSilent ? "silent" : "error \(code)\(fillsUp ? ", and so on" : "")")"
        }
    }

    /// One thing that was done to a file of the folder.
    struct Operation: Sendable {
        let isFailed: Bool
        let name: Substring
        let path: Substring
    }

    private let folder: String
    private let log: String

    /// - Parameter name: of the log in the workplace's folder; each program that runs needs one of its own.
    init(_ place: Workplace, log name: String = "disk.log") {
        folder = place.recordings
        log = place.folder.path(of: name)
    }

    /// What to start a program with.
    func environment(_ fault: Fault?) -> [String: String] {
        let library = BuiltProgram.path.dropLast("psrun".count) + "libFaultyDisk.so"
        var environment = ["LD_PRELOAD": String(library), "FAULTY_FOLDER": folder, "FAULTY_LOG": log]
        guard let fault else { return environment }
        environment["FAULTY_NTH"] = String(fault.nth)
        environment["FAULTY_ERRNO"] = String(fault.code)
        if fault.isSilent {
            environment["FAULTY_LASTING"] = "1"
            environment["FAULTY_SILENT"] = "1"
        }
        if fault.fillsUp {
            environment["FAULTY_LASTING"] = "1"
            environment["FAULTY_SHORT"] = "1"
        }
        return environment
    }

    /// What the program has done there.
    func operations() throws -> [Operation] {
        try text(of: log).split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count == 4 else { throw TestSupportError("no operation: \(line)") }
            return Operation(isFailed: words[1] == "failed", name: words[2], path: words[3])
        }
    }
}
