import Glibc
import PSRunTestSupport
import Testing

/// Recordings of format version 1, made once and kept for ever, proved with what every Debian has: the recipes are those
/// that RecordingFormat.md prints, word for word.
@Suite struct StockToolTests {
    private static let sealed = ["20261102T020000Z-nightly-00000b", "20261103T020000Z-disk-00000c"]
    private static let pruned = "20261101T020000Z-nightly-00000a"
    /// All that the recipes may find.
    private static let tools = [
        "sh", "awk", "cat", "cut", "grep", "head", "ls", "mv", "od", "sed", "sha256sum", "ssh-keygen", "tail", "tar",
        "wc",
        "zstd",
    ]

    /// A copy of the fixture that a test may change, and the tools.
    private struct Copy {
        let folder: TemporaryFolder

        init() async throws {
            folder = try TemporaryFolder()
            let fixture = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/format-1"
            let links = StockToolTests.tools.map { "ln -s \"$(command -v \($0))\" tools/\($0)" }
            let script =
                "cp -R '\(fixture)/.' . && mkdir tools && \(links.joined(separator: " && ")) "
                + "&& for run in 2026*; do cp allowed_signers \"$run\"; done"
            let made = try await ChildProgram.run(["/bin/sh", "-c", "cd \"$0\" && \(script)", folder.path])
            guard made.ending == .exited(0) else { throw TestSupportError(made.description) }
        }

        /// Runs a recipe with nothing but the tools.
        func run(_ recipe: String, in run: String = ".") async throws -> ProgramOutcome {
            try await ChildProgram.run(
                ["/bin/sh", "-c", "cd \"$0\"\n\(recipe)", folder.path(of: run)],
                environment: ["PATH": folder.path(of: "tools"), "LC_ALL": "C"]
            )
        }

        func flip(_ name: String, at offset: Int) throws {
            var bytes = try contents(of: folder.path(of: name))
            bytes[offset] ^= 0x01
            try folder.write(bytes, to: name)
        }
    }

    /// The recipes of the format's document, in its order.
    private static func recipes() throws -> [String] {
        let document = try text(of: "\(PackageRoot.path)/Sources/psrun/psrun.docc/RecordingFormat.md")
        let section = try #require(document.split(separator: "## Reading it without psrun", maxSplits: 1).last)
        var recipes: [String] = []
        var isWithin = false
        for line in section.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("    ") else {
                isWithin = false
                continue
            }
            if !isWithin { recipes.append("") }
            isWithin = true
            recipes[recipes.count - 1] += line.dropFirst(4) + "\n"
        }
        try #require(recipes.count == 5)
        return recipes
    }

    @Test("Stock tools prove a signed run from its signature to each line", arguments: sealed)
    func aSignedRunIsProvedFromItsSignatureToEachLine(run: String) async throws {
        let copy = try await Copy()
        let recipes = try Self.recipes()
        let outcome = try await copy.run(recipes[0] + recipes[1], in: run)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.errors.isEmpty, "\(outcome)")
        var lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(
            lines.first?.hasPrefix("Good \"psrun-recording\" signature for auditor with ED25519 key SHA256:") == true
        )
        #expect(lines.suffix(2).first == lines.last && lines.last?.count == 64, "the Merkle root")
        #expect(lines.suffix(4).first == lines.suffix(3).first, "the number of entries")
        lines = lines.dropFirst().dropLast(4)
        #expect(lines.prefix(2) == ["run.tar.zst: OK", "SHA256SUMS: OK"])
        #expect(lines.allSatisfy { $0.hasSuffix(": OK") }, "\(lines)")
        #expect(lines.count >= 5)
    }

    @Test("Stock tools prove the chain to its head")
    func theChainIsProvedToItsHead() async throws {
        let copy = try await Copy()
        let outcome = try await copy.run(try Self.recipes()[2])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let head = try text(of: copy.folder.path(of: "head"))
        let files =
            ([Self.pruned] + Self.sealed).map { "\($0)/manifest.json: OK\n" } + ["\(Self.pruned)/tombstone.json: OK\n"]
        #expect(outcome.output == files.joined() + head)
        let signed = "ssh-keygen -Y verify -f allowed_signers -I auditor -n psrun-recording"
        for name in ["manifest", "tombstone"] {
            let verified = try await copy.run("\(signed) -s \(name).json.sig <\(name).json", in: Self.pruned)
            #expect(verified.ending == .exited(0), "\(verified)")
        }
    }

    @Test("Stock tools find one entry by the index")
    func oneEntryIsFoundByTheIndex() async throws {
        let copy = try await Copy()
        let recipes = try Self.recipes()
        let index = try await copy.run(recipes[3], in: Self.sealed[0]).output.split(separator: "\n")
        #expect(index.count == 18)
        let fields = try #require(index.last).split(separator: "\t")
        let variables = zip(["FRAME", "FRAME_LENGTH", "START", "LENGTH"], fields.dropFirst()).map { "\($0)=\($1)\n" }
        let entry = try await copy.run(variables.joined() + recipes[4], in: Self.sealed[0])
        let whole = try await copy.run("tar --zstd -xOf run.tar.zst \(fields[5])", in: Self.sealed[0])
        #expect(!entry.standardOutput.isEmpty && entry.standardOutput == whole.standardOutput)
    }

    @Test("Stock tools find what was changed")
    func whatWasChangedIsFound() async throws {
        let recipes = try Self.recipes()
        let run = Self.sealed[0]
        for (name, offset, words) in [
            ("\(run)/manifest.json", 300, "Could not verify signature"), ("\(run)/run.tar.zst", 2_000, "FAILED"),
            ("chain.log", 100, "broken"), ("chain.log", 500, "broken"), ("\(run)/manifest.json", 301, "FAILED"),
            ("\(Self.pruned)/tombstone.json", 200, "FAILED"),
        ] {
            let copy = try await Copy()
            try copy.flip(name, at: offset)
            let outcomes = [try await copy.run(recipes[0], in: run), try await copy.run(recipes[2])]
            #expect(outcomes.contains { "\($0)".contains(words) }, "\(name) at \(offset): \(outcomes)")
        }
    }

    @Test("psrun reads the same files as well")
    func psrunReadsThemAsWell() async throws {
        let copy = try await Copy()
        func psrun(_ arguments: String...) async throws -> ProgramOutcome {
            try await ChildProgram.run([BuiltProgram.path] + arguments + ["--recordings", copy.folder.path])
        }
        let list = try await psrun("list").output
        #expect(list.split(separator: "\n").count == 3)
        #expect(list.contains("\(Self.sealed[0])  sealed"))
        #expect(list.contains("\(Self.sealed[1])     recovered"))
        let replay = try await psrun("replay", Self.sealed[0], "--host", "host1.example.org", "--instant")
        #expect(replay.ending == .exited(0), "\(replay)")
        #expect(replay.output.contains("host1 says 2: ü 日本"))
        #expect(try await psrun("show", Self.pruned).output.contains("pruned"))
        let pruned = try await psrun("replay", Self.pruned)
        #expect(pruned.errors.contains("was pruned on") && pruned.errors.contains("--keep 2h"), "\(pruned)")
    }
}
