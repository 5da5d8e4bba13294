import PSRunCommandLine
import RecordingFormat
import Testing

/// Documents say what the code does, and what the code cites is in the repository.
struct DocumentRuleTests {
    @Test("Every capture that a docstring or test cites is in the repository")
    func citedCapturesExist() throws {
        let captures = "Tests/IntegrationTests/Fixtures/captures/"
        let names = try SourceTree.files(under: "Tests/IntegrationTests/Fixtures/captures")
        for file in try SourceTree.swiftFiles(under: "Sources") {
            for line in file.lines where line.contains("//") {
                for citation in line.matches(
                    of: /\b(client|server|console|server-7\.4|server-s|ways-in)\/([a-z0-9][a-z0-9-]+)/
                ) {
                    let cited = "\(captures)\(citation.output.1)/\(citation.output.2)."
                    #expect(names.contains { $0.hasPrefix(cited) }, "\(file.path): \(citation.output.0)")
                }
            }
        }
    }

    @Test("Every page that code or a document cites is in the repository, and nobody cites a brief")
    func citedPagesExist() throws {
        let pages =
            try SourceTree.files(under: "Sources/psrun/psrun.docc").map(Self.name)
            + ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        let sources = try SourceTree.swiftFiles(under: "Sources") + SourceTree.swiftFiles(under: "Tests")
        for file in sources {
            #expect(!file.text.contains("psrp" + "-brief"), "\(file.path)")
            for citation in file.text.matches(of: /\b([A-Z][A-Za-z]+\.md)\b/) {
                #expect(pages.contains(String(citation.output.1)), "\(file.path): \(citation.output.1)")
            }
        }
        for path in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "findings/README.md", "playbooks/README.md"] {
            let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            for link in try SourceTree.text(of: path).matches(of: /\]\(([^)#:]+)\)/) {
                #expect(throws: Never.self, "\(path): \(link.output.1)") {
                    try SourceTree.text(of: folder + String(link.output.1))
                }
            }
        }
    }

    @Test("Every docc page is listed on the first one, and every page that it lists is there")
    func pagesAreListed() throws {
        let first = try SourceTree.text(of: "Sources/psrun/psrun.docc/psrun.md")
        let listed = Set(first.matches(of: /<doc:(\w+)>/).map { String($0.output.1) + ".md" })
        let pages = try SourceTree.files(under: "Sources/psrun/psrun.docc").map(Self.name).filter {
            $0.hasSuffix(".md")
        }
        #expect(listed == Set(pages).subtracting(["psrun.md"]))
    }

    @Test("The table of environment variables has each that the code reads, and no other")
    func environmentIsComplete() throws {
        let told = Set(Reference.environment.flatMap { $0.name.split(separator: ", ").map(String.init) })
        // Those of settings are read by one rule.
        var read = Set(Setting.all.map(\.variable))
        let reading = /(?:nvironment\[|nvironmentValue\(|getenv\(|variable\(|variables\[|folder\()"([A-Z][A-Z0-9_]+)"/
        let program = try SourceTree.swiftFiles(under: "Sources").filter { $0.module != "PSRunTestSupport" }
        for file in program {
            for line in file.lines where !line.contains("\"] = \"never\"") {
                read.formUnion(line.matches(of: reading).map { String($0.output.1) })
            }
        }
        #expect(read == told)
    }

    @Test("The page of environment variables is the manual's table")
    func environmentPageIsTheTable() throws {
        let page = try SourceTree.text(of: "Sources/psrun/psrun.docc/Environment.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        #expect(rows == Reference.environment.map { "| `\($0.name)` | \($0.meaning) |" })
    }

    @Test("The page of bounds has the table of what reading a recording accepts")
    func boundsOfRecordings() throws {
        let page = try SourceTree.text(of: "Sources/psrun/psrun.docc/Bounds.md")
        let section = try #require(page.split(separator: "\n## ").first { $0.hasPrefix("Recordings\n") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2).map(String.init)
        let bounds = RecordingBound.allCases.map(\.row)
        #expect(rows == bounds.map { "| \($0.subject) | \($0.limit) | \($0.option) | \($0.code) |" })
    }

    private static func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
