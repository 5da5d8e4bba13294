import Glibc

/// This process's environment, in the forms in which it is used.
package enum ProcessEnvironment {
    /// Each NAME=VALUE.
    package static var lines: [String] {
        var lines: [String] = []
        var entry = environ
        while let line = entry.pointee {
            lines.append(String(cString: line))
            entry += 1
        }
        return lines
    }

    /// The same by name. What has no `=` is left out.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        for line in lines {
            guard let sign = line.firstIndex(of: "=") else { continue }
            variables[String(line[..<sign])] = String(line[line.index(after: sign)...])
        }
        return variables
    }

    /// The lines, with some variables set.
    package static func lines(adding additions: [String: String]) -> [String] {
        let kept = lines.filter { line in
            line.firstIndex(of: "=").map { additions[String(line[..<$0])] == nil } ?? true
        }
        return kept + additions.map { "\($0.key)=\($0.value)" }
    }
}
