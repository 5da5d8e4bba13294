import PSRunTestSupport
import RecordingFormat
import Testing

/// A row of the documentation's page Bounds.
struct BoundsRow: Sendable, CustomTestStringConvertible {
    /// The heading that it stands under.
    let section: String
    /// What is bounded.
    let subject: String
    /// The default, with its unit.
    let limit: String
    /// What says that it was passed.
    let error: String

    var testDescription: String { "\(section): \(subject)" }

    /// All rows of the page, in their order.
    static func all() throws -> [BoundsRow] {
        let page = try text(of: "\(PackageRoot.path)/Sources/psrun/psrun.docc/Bounds.md")
        return page.split(separator: "\n## ").dropFirst().flatMap { section in
            let lines = section.split(separator: "\n")
            return lines.filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
                let cells = line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false)
                return BoundsRow(
                    section: String(lines[0]),
                    subject: String(cells[0]),
                    limit: String(cells[1]),
                    error: String(cells[3])
                )
            }
        }
    }
}

/// A bound as the code has it, and what comes of one more.
struct BoundCase: Sendable {
    /// The default, as the page writes it.
    let limit: String
    /// Passes it by one, having seen that so many are taken.
    /// - Returns: what is said then: a code in backquotes, or words, as the page has them.
    let pass: @Sendable () async throws -> String
}

/// The page of bounds, row by row: each is what the code has, and is passed by one.
@Suite("The page of bounds")
struct BoundsPageTests {
    /// Every bound but the recordings', which have a table of their own, by the subject of its row.
    private static let cases = [
        "Sessions": SessionBounds.cases,
        "Files and selections": SelectionBounds.cases
            .merging(ScheduleBounds.cases) { one, _ in one }.merging(ConfigurationBounds.cases) { one, _ in one },
        "SSH": SSHBounds.cases,
        "TLS, certificates and CredSSP": TLSBounds.cases,
        "Kept sessions": KeptSessionBounds.cases,
        "Containers and virtual machines": GuestBounds.cases,
        "WinRM": WinRMBounds.cases,
        "WinRM's logins": WinRMLoginBounds.cases,
    ]

    @Test("A row's bound is the code's, and one more is refused as the row says", arguments: try BoundsRow.all())
    func passedByOne(row: BoundsRow) async throws {
        if row.section == "Recordings" {
            let bound = try #require(RecordingBound.allCases.first { $0.row.subject == row.subject })
            let codes = try await RecordingBounds.codes(passing: bound)
            #expect(row.limit == bound.row.limit && row.error == bound.row.code)
            #expect(codes.isEmpty == !row.error.contains("`"))
            for code in codes { #expect(row.error.contains("`\(code)`"), "\(code) is not in \(row.error)") }
        } else {
            let bound = try #require(Self.cases[row.section]?[row.subject], "nothing passes this bound")
            #expect(row.limit == bound.limit)
            let said = try await bound.pass()
            #expect(row.error == said)
        }
    }

    @Test("Every bound that is passed here has its row")
    func complete() throws {
        let rows = Dictionary(grouping: try BoundsRow.all(), by: \.section).mapValues { Set($0.map(\.subject)) }
        for (section, cases) in Self.cases {
            #expect(rows[section] == Set(cases.keys))
        }
        #expect(rows["Recordings"] == Set(RecordingBound.allCases.map(\.row.subject)))
    }
}
