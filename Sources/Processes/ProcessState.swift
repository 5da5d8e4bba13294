import Files

/// What the system says of a process, whoever started it.
package enum ProcessState {
    /// Bytes of a process's stat, with room.
    private static let longest = 4_096

    /// Whether it was stopped by a signal or a debugger, and not ended: its state in /proc/PID/stat (proc(5)) is T or t.
    package static func isStopped(_ process: Int32) -> Bool {
        guard process > 0, let stat = try? FileContents.read("/proc/\(process)/stat", limit: longest),
            // The name before it may hold anything, parentheses too.
            let end = stat.lastIndex(of: UInt8(ascii: ")")), stat.count > end + 2
        else { return false }
        return [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(stat[end + 2])
    }
}
