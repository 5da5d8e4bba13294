import PSRunTestSupport
import Patterns
import Recording
import RecordingFormat
import RecordingSearch
import Testing

@Suite struct SearchExtremesTests {
    @Test("A long line is shown around its hit")
    func aLongLineIsShownAroundItsHit() async throws {
        let long = String(repeating: "ü", count: 1_000_000)
        let run = try await SearchedRun(showing: [long + "needle" + long + "needle\r\n"])
        let hit = try #require(try run.hits("needle").first)
        #expect(hit.text.utf8.count < 5_000)
        #expect(hit.matches.count == 1)
        #expect(hit.matches.allSatisfy { Array(hit.text.utf8)[$0].elementsEqual("needle".utf8) })
        #expect(!hit.text.contains("\u{FFFD}"))
    }

    @Test("Of many matches in a long line those in the part shown are marked")
    func ofManyMatchesInALongLineThoseThatAreShownAreTold() async throws {
        let run = try await SearchedRun(showing: [String(repeating: "ü ", count: 100_000) + "\r\n"])
        let hit = try #require(try run.hits("ü").first)
        #expect(hit.matches.count == hit.text.count { $0 == "ü" })
        #expect(hit.matches.allSatisfy { Array(hit.text.utf8)[$0].elementsEqual("ü".utf8) })
        #expect((1_000..<2_000).contains(hit.matches.count))
    }

    @Test("A line that never ends is searched in parts")
    func aLineThatNeverEndsIsSearchedInParts() async throws {
        let piece = String(repeating: "x", count: 1 << 20)
        // The word lies across the place where the line is cut: 16 MiB.
        let pieces = Array(repeating: piece, count: 15) + [piece.dropLast(3) + "need", "le"] + [piece, piece]
        let run = try await SearchedRun(showing: pieces.map { String($0) })
        #expect(!(try run.hits("needle").isEmpty))
    }

    @Test("An entry that is larger than any buffer is read in pieces")
    func anEntryThatFillsNoBufferIsReadInPieces() async throws {
        let line = String(repeating: "all is well ", count: 1_000) + "\r\n"
        let events = SearchedRun.shown(
            ["first needle\r\n"] + Array(repeating: line, count: 3_500) + ["last ", "needle\r\n"]
        )
        let run = try await SearchedRun([("before", []), ("long", events), ("after", SearchedRun.shown(["needle"]))])
        let hits = try run.hits("needle")
        #expect(hits.map(\.text) == ["first needle", "last needle", "needle"])
        #expect(hits.map(\.target) == ["long", "long", "after"])
        #expect(hits.allSatisfy { !$0.isDamaged && $0.startedSeconds == 1_795_312_800 })
        #expect(try run.hits("needle", targets: ["after"]).map(\.text) == ["needle"])
    }

    @Test("What is found in a damaged entry is said to be damaged")
    func whatADamagedEntrySaysIsSaidToBeDamaged() async throws {
        let run = try await SearchedRun(frozen: "20261102T020000Z-nightly-00000b")
        let whole = try File(run.folder + "/run.tar.zst")
        let sound = try run.hits("says")
        var damaged = 0
        var unreadable = 0
        for offset in stride(from: 40, to: 400, by: 3) {
            try whole.flipped(at: offset).write()
            do {
                let hits = try run.hits("says")
                // A change leaves the other entries of the frame as they were.
                #expect(hits.allSatisfy { $0.isDamaged || sound.contains($0) })
                if hits.contains(where: \.isDamaged) { damaged += 1 }
            } catch {
                unreadable += 1
            }
        }
        #expect(damaged > 0)
        #expect(unreadable > 0)
        try whole.write()
        #expect(try run.hits("says") == sound && sound.allSatisfy { !$0.isDamaged })
    }

    /// Whatever is cut, coloured and escaped however: the same lines are found as in the plain text.
    @Test("A search finds what a plain text search finds", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func findsWhatPlainTextHas(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let alphabet = ["a", "b", "ab", "\"", "\\", "é", "🜲", "\t", "\r\n", "\n", "\u{1b}[31m", "\u{1b}[0m"]
        var pieces: [String] = []
        for _ in 0..<2_000 {
            var piece = ""
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                piece += try #require(alphabet.randomElement(using: &random))
            }
            if Int.random(in: 0..<3, using: &random) == 0 { piece += "\r\n" }
            pieces.append(piece)
        }
        let run = try await SearchedRun(showing: pieces)
        let plain = pieces.joined().split(separator: "\r\n", omittingEmptySubsequences: false)
            .flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { $0.replacing("\u{1b}[31m", with: "").replacing("\u{1b}[0m", with: "") }
        for (pattern, text) in [("aab", "aab"), ("b\"a", "b\"a"), (#"a\\b"#, "a\\b"), ("🜲é", "🜲é"), (#"b\ta"#, "b\ta")]
        {
            let expected = plain.filter { $0.contains(text) }.map { String($0) }
            #expect(try run.texts(pattern) == expected, "\(pattern)")
        }
        // Without a literal that could be looked for first.
        #expect(
            try run.texts("(aab|bba)") == plain.filter { $0.contains("aab") || $0.contains("bba") }.map { String($0) }
        )
    }

    @Test("A line that a pattern cannot be matched against costs the rest of its session, and no other's")
    func oneHostBlindsNoSearch() async throws {
        let blow = String(repeating: "a", count: 4_000) + "!\r\n"
        let sessions = [("web1", ["aa\r\n"]), ("web2", ["before aa\r\n", blow, "aa\r\n"]), ("web3", ["aa\r\n"])]
        let sealed = try await SearchedRun(sessions.map { ($0.0, SearchedRun.shown($0.1)) })
        var hits: [SearchHit] = []
        var failed: [String] = []
        func take(_ failure: SearchFailure) -> Bool {
            guard case .pattern(_, run: _, let target) = failure else { return false }
            failed.append(target)
            return true
        }
        func take(_ hit: SearchHit) -> Bool {
            hits.append(hit)
            return true
        }
        let query = SearchQuery(pattern: try Pattern("(a+)+$"))
        let opened = try ArchiveSearch.open([sealed.folder], threads: 1) { _ in true }.map { try $0.get() }
        ArchiveSearch.search(opened, for: query, threads: 1, hit: take, failure: take)
        #expect(hits.map(\.target) == ["web1", "web2", "web3"])
        #expect(hits.allSatisfy { !$0.isDamaged })
        #expect(failed == ["web2"])

        (hits, failed) = ([], [])
        let folder = try TemporaryFolder()
        let recorder = try await SearchedRun.recorder(in: folder.path, sessions.map(\.0))
        for (entry, session) in sessions.enumerated() {
            await SearchedRun.record(SearchedRun.shown(session.1), entry, session.0, in: recorder)
        }
        try await recorder.commit()
        var search = JournalSearch(of: RecordedRun(folder: recorder.folder), for: query) { _ in true }
        search.search(recorder.folder, hit: take, failure: take)
        #expect(hits.map(\.target).sorted() == ["web1", "web2", "web3"])
        #expect(failed == ["web2"])
    }

    @Test("A run in progress is searched in its journal")
    func aRunInProgressIsSearchedInItsJournal() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await SearchedRun.recorder(in: folder.path, ["web1", "web2", "web3"])
        await SearchedRun.record(SearchedRun.shown(["nee", "dle one\r\n", "open nee"]), 0, "web1", in: recorder)
        await SearchedRun.record(SearchedRun.shown(["needle two\r\n"]), 1, "web2", in: recorder)
        try await recorder.commit()
        let run = RecordedRun(folder: recorder.folder)
        var texts: [String] = []
        var search = JournalSearch(of: run, for: SearchQuery(pattern: try Pattern("nee"))) { $0 != "web2" }
        search.search(run.folder) { hit in
            texts.append("\(hit.target) \(hit.text)")
            return true
        } failure: { failure in
            Issue.record(failure)
            return false
        }
        #expect(texts == ["web1 needle one", "web1 open nee"])
    }
}
