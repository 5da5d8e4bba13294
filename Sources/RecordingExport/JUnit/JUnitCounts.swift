/// What speaks against a test case.
struct JUnitVerdict {
    enum Kind: String {
        case failure, error, skipped
    }

    let kind: Kind
    private let message: String
    private let type: String
    private let body: String

    init(_ kind: Kind, _ message: String, type: String = "", body: String = "") {
        (self.kind, self.message, self.type, self.body) = (kind, message, type, body)
    }

    var element: String {
        guard kind != .skipped else { return "<skipped message=\"\(XMLText.attribute(message))\"/>" }
        let attributes = "type=\"\(XMLText.attribute(type))\" message=\"\(XMLText.attribute(message))\""
        return "<\(kind.rawValue) \(attributes)>\(XMLText.escaped(body))</\(kind.rawValue)>"
    }
}

/// Test cases in numbers: all four stand at a suite and at the document, or some readers count by themselves, each in its own
/// way.
package struct JUnitCounts: Sendable, Hashable {
    private(set) var tests = 0
    private(set) var failures = 0
    private(set) var errors = 0
    private(set) var skipped = 0

    package init() {}

    mutating func add(_ verdict: JUnitVerdict?) {
        tests += 1
        switch verdict?.kind {
        case .failure: failures += 1
        case .error: errors += 1
        case .skipped: skipped += 1
        case nil: break
        }
    }

    package mutating func add(_ other: JUnitCounts) {
        tests += other.tests
        failures += other.failures
        errors += other.errors
        skipped += other.skipped
    }

    var attributes: String {
        " tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    }

    /// A number of microseconds in seconds, as a plain decimal: `12.345678`.
    static func seconds(_ microseconds: Int64) -> String {
        let fraction = String(1_000_000 + max(0, microseconds) % 1_000_000).dropFirst()
        return "\(max(0, microseconds) / 1_000_000).\(fraction)"
    }
}

/// The document around the suites.
package enum JUnitDocument {
    /// - Parameters:
    ///   - counts: of all suites; nil where they are not known yet.
    ///   - microseconds: how long the run took; nil where it is not known.
    package static func beginning(name: String, counts: JUnitCounts?, microseconds: Int64?) -> [UInt8] {
        let time = microseconds.map { " time=\"\(JUnitCounts.seconds($0))\"" } ?? ""
        return Array(
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(XMLText.attribute(name))\""
                + (counts?.attributes ?? "") + time + ">\n").utf8
        )
    }

    package static let end = Array("</testsuites>\n".utf8)
}
