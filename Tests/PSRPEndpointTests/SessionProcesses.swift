import Files
import Glibc
import PSRunTestSupport

/// A process as /proc tells of it.
private struct ProcessFacts {
    /// `R` while it runs or could; `S` while it waits.
    let state: Substring
    /// Clock ticks of CPU that it has taken.
    let ticks: UInt64
}

/// The processes of a session that have not ended, whoever reaps them.
private func processes(of session: Int32) -> [ProcessFacts] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [ProcessFacts] = []
    while let entry = readdir(folder) {
        let name = dirent.name(of: entry)
        guard Int32(name) != nil, let file = fopen("/proc/\(name)/stat", "r") else { continue }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let length = fread(&bytes, 1, bytes.count, file)
        let fields = String(decoding: bytes[..<length], as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        guard let fields, fields.count > 12, fields[3] == "\(session)", fields[0] != "Z" else { continue }
        found.append(ProcessFacts(state: fields[0], ticks: (UInt64(fields[11]) ?? 0) + (UInt64(fields[12]) ?? 0)))
    }
    return found
}

/// How many processes of a session have not ended.
func members(of session: Int32) -> Int {
    processes(of: session).count
}

/// Waits until a session's processes do nothing more: all of them wait, and have taken no time, for half a second.
///
/// - Throws: TestSupportError where they still run after a minute.
func waitUntilStill(_ session: Int32) throws {
    var quiet = 0
    var ticks: UInt64?
    for _ in 0..<6_000 {
        let now = processes(of: session)
        let taken = now.reduce(0) { $0 + $1.ticks }
        quiet = now.allSatisfy { $0.state == "S" } && taken == ticks ? quiet + 1 : 0
        ticks = taken
        if quiet == 50 { return }
        usleep(10_000)
    }
    throw TestSupportError("the processes of session \(session) still run")
}
