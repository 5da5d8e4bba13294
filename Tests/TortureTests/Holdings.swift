import FoundationEssentials
import Glibc

/// What this process holds of the system: descriptors, threads, children.
struct Holdings: CustomStringConvertible {
    var descriptors: Int
    /// psrun's own, but for those of its lanes, which stay and are bounded by the lane.
    var threads: Int
    var children: Int

    private static let lanes: Set = ["psrun-names", "psrun-keys", "psrun-agents", "psrun-files"]

    private static func now() throws -> Holdings {
        var (threads, children) = (0, 0)
        for task in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
            let ids = try? String(contentsOfFile: "/proc/self/task/\(task)/children", encoding: .utf8)
            let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
            let trimmed = name.map { $0.filter { $0 != "\n" } } ?? ""
            threads += trimmed.hasPrefix("psrun-") && !lanes.contains(trimmed) ? 1 : 0
            children += ids?.split(separator: " ").count ?? 0
        }
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        return Holdings(descriptors: descriptors, threads: threads, children: children)
    }

    /// What it holds once it holds no more than that, or, at the latest, two seconds from now.
    static func settled(atMost limit: Holdings?) async throws -> Holdings {
        var held = try now()
        for _ in 0..<100 {
            if let limit, held <= limit { return held }
            try await Task.sleep(for: .milliseconds(20))
            held = try now()
        }
        return held
    }

    static func <= (left: Holdings, right: Holdings) -> Bool {
        left.descriptors <= right.descriptors && left.threads <= right.threads && left.children <= right.children
    }

    var description: String { "\(descriptors) descriptors, \(threads) threads, \(children) children" }
}
