import Audit
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// A recordings folder that is made to deceive, or to harm, whoever verifies it.
@Suite struct HostileFolderTests {
    private static let run = "20261122T020000Z-Keeper-3fa922"

    /// A sealed run whose name has a K in it, and what is in its folder.
    private static func night() async throws -> (image: StoreImage, night: Night) {
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"], playbook: "Keeper.ps1")
        return (try StoreForge().make([.seal(night)]).image, night)
    }

    private static func audit(_ folder: String) throws -> StoreAudit {
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        return try StoreAudit.of(StoreAudit.Request(folder: folder, heads: [], signatures: signatures))
    }

    private static func script(_ folder: String, shell: String = "/bin/sh") async throws -> ProgramOutcome {
        let script = VerifyScript.unsigned(in: folder)
        return try await ChildProgram.run([shell, "-c", script.text])
    }

    /// What both say of a folder with these files.
    private static func verdicts(_ image: StoreImage) async throws -> (audit: StoreAudit, script: ProgramOutcome) {
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        return (try audit(folder.path), try await script(folder.path))
    }

    @Test("A folder whose name only looks like a run of the chain is not part of the chain")
    func aFolderThatLooksLikeAnotherIsNoneOfTheChains() async throws {
        var (image, night) = try await Self.night()
        #expect(night.name == Self.run)
        #expect(try await Self.verdicts(image).audit.isProved)
        // U+212A KELVIN SIGN is K to Swift, and no K to a file system.
        let other = Self.run.replacing("K", with: "\u{212A}", maxReplacements: 1)
        night.manifest.exitCode = 7
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        try folder.makeFolder(other)
        try folder.write(night.manifest.encoded, to: "\(other)/manifest.json")
        try folder.write(night.archive, to: "\(other)/run.tar.zst")
        let audit = try Self.audit(folder.path)
        #expect(audit.runs.map(\.isProved) == [true, false])
        #expect(try await Self.script(folder.path).ending == .exited(1))
        #expect(!RunStore.isRunName(other) && RunStore.isRunName(Self.run))
    }

    @Test("What the chain tells of no run, or says in another form, is found by both", arguments: 0..<8)
    func linesOfNoChain(number: Int) async throws {
        var (image, _) = try await Self.night()
        let tail = try #require(ChainTail(image["chain.log"], isWhole: true, hash: sha256))
        let event = ChainEvent(
            seconds: 1_795_320_000,
            kind: .access,
            run: number < 4 ? Self.run : ["../\(Self.run)", "-\(Self.run)", "2026 b", "2026\u{212A}"][number - 4],
            value: String(repeating: "0", count: 64),
            who: "op(1000)",
            what: "show"
        )
        var line = String(decoding: tail.line(for: event).encoded, as: UTF8.self)
        switch number {
        case 0: line.replaceSubrange(line.startIndex...line.startIndex, with: "2.0")
        case 1: line = line.replacing("show", with: "\\x73how")
        case 2: line = line.replacing("2026-11-22T", with: "2026-11-22 ")
        case 3: line = line.replacing("\t0000", with: "\t000g")
        default: break
        }
        image["chain.log"] += Array(line.utf8) + [0x0A]
        let (audit, script) = try await Self.verdicts(image)
        #expect(audit.findings.contains { $0.code == .chainBroken }, "\(line)")
        #expect(script.ending == .exited(1), "\(line)")
    }

    @Test("A chain head of zeros has no shorter form")
    func aHeadOfZerosIsNoNumber() async throws {
        var (image, night) = try await Self.night()
        night.manifest.chainHead = String(repeating: "0", count: 64)
        let log = String(decoding: image["chain.log"], as: UTF8.self)
        image["chain.log"] = Array(log.replacing("\t\(Chain.emptyHead)\t", with: "\t0\t").utf8)
        let (audit, script) = try await Self.verdicts(image)
        #expect(!audit.isProved)
        #expect(script.ending == .exited(1))
        #expect(script.errors.contains("line 1 of chain.log"), "\(script)")
    }

    @Test("Folders that are not in the chain are found by both, whatever is in them", arguments: [true, false])
    func foldersThatNobodySealed(isLink: Bool) async throws {
        let (image, night) = try await Self.night()
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let other = "20261123T020000Z-other-3fa922"
        let made = try await shell(isLink ? "ln -s \(night.name) \(other)" : "mkdir \(other)", in: folder.path)
        #expect(made.ending == .exited(0))
        #expect(!(try Self.audit(folder.path).isProved))
        #expect(try await Self.script(folder.path).ending == .exited(1))
    }

    // MARK: The script

    @Test("A run's name never reaches a stock tool as an option")
    func aRunsNameIsNoOptionOfATool() async throws {
        // sed takes `-e1eharm` for a script that runs `harm/manifest.json`, and its own script for an input file.
        let folder = try TemporaryFolder()
        let manifest = Array("x\n".utf8)
        var tail = try #require(ChainTail([], isWhole: true, hash: sha256))
        var log: [UInt8] = []
        for run in ["-e1eharm", "harm"] {
            let event = ChainEvent(
                seconds: 1_795_320_000,
                kind: .run,
                run: run,
                value: hexadecimal(sha256(manifest)),
                who: "op(1000)",
                what: "seal"
            )
            let line = tail.line(for: event)
            tail.append(line, hash: sha256)
            log += line.encoded + [0x0A]
        }
        try folder.write(log, to: "chain.log")
        let made = try await shell(
            #"""
            mkdir ./-e1eharm harm
            echo x >./-e1eharm/manifest.json
            program='s/^  "run": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p'
            mkdir -p "${program%/p}"
            echo line >"$program"
            printf '#!/bin/sh\ntouch done\n' >harm/manifest.json
            chmod +x harm/manifest.json
            """#,
            in: folder.path
        )
        #expect(made.ending == .exited(0))
        #expect(try await Self.script(folder.path).ending == .exited(1))
        let left = try await shell("test ! -e done", in: folder.path)
        #expect(left.ending == .exited(0))
    }

    @Test("A number of a manifest's is not an expression", arguments: ["/bin/sh", "/bin/bash"])
    func aNumberIsNoExpression(shellPath: String) async throws {
        var (image, night) = try await Self.night()
        let folder = try TemporaryFolder()
        let old = image["\(night.name)/manifest.json"]
        let manifest = Array(
            String(decoding: old, as: UTF8.self)
                .replacing("\"entries\": 1,", with: "\"entries\": count[$(touch '\(folder.path)/done')],").utf8
        )
        image["\(night.name)/manifest.json"] = manifest
        let log = String(decoding: image["chain.log"], as: UTF8.self)
        image["chain.log"] = Array(
            log.replacing(hexadecimal(sha256(old)), with: hexadecimal(sha256(manifest))).utf8
        )
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let script = try await Self.script(folder.path, shell: shellPath)
        #expect(script.ending == .exited(1))
        #expect(script.errors.contains("does not tell how many entries"), "\(script)")
        let left = try await shell("test ! -e done", in: folder.path)
        #expect(left.ending == .exited(0))
    }

    @Test("Names reach a terminal as text, whatever characters they hold")
    func namesReachATerminalAsText() async throws {
        var (image, _) = try await Self.night()
        image["x\u{1B}]0;y\u{7}\\033[2J\nProved: 9 runs/manifest.json"] = []
        let (audit, script) = try await Self.verdicts(image)
        #expect(!audit.isProved)
        let shown = "NOT PROVED: not in the chain, or not sealed: x?]0;y?\\033[2J?Proved"
        #expect(script.errors.hasPrefix(shown), "\(script)")
        #expect(script.errors.utf8.count { $0 == 0x0A } == 1 && !script.errors.utf8.contains(0x1B))
        #expect(script.output.isEmpty)
    }

    @Test("The environment changes nothing in what the script finds")
    func anEnvironmentChangesNothing() async throws {
        let (image, _) = try await Self.night()
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let script = VerifyScript.unsigned(in: folder.path)
        var environment = ChildProgram.environment()
        environment["TAR_OPTIONS"] = "--exclude=*.cast"
        environment["POSIXLY_CORRECT"] = "1"
        environment["CDPATH"] = "/"
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.text], environment: environment)
        #expect(outcome.ending == .exited(0), "\(outcome)")
    }
}

/// What a tombstone can hide.
@Suite struct HostileTombstoneTests {
    @Test("A run does not count as signed when its tombstone has lost its signature")
    func aRunThatNobodyPrunedIsNotProvedToBeSigned() async throws {
        let keys = try await SigningKeys()
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        var (image, _) = try StoreForge(signer: Signer(keys)).make([.seal(night), .prune(night.name)])
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let signatures = SignatureCheck(
            isRequired: false,
            signers: AllowedSigners(file: keys.allowedSigners),
            environment: keys.environment
        )
        let request = StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures)
        let signed = try StoreAudit.of(request)
        #expect(signed.isProved && signed.runs[0].isSigned)
        let signature = "\(night.name)/tombstone.json.sig"
        let whole = image
        image.files[signature] = nil
        try StoreImage.change(folder, from: whole, to: image)
        let unsigned = try StoreAudit.of(request)
        #expect(unsigned.runs.first?.signature?.isTrusted == true)
        #expect(!unsigned.runs[0].isSigned)
    }

    @Test("A date in a tombstone does not end a retention")
    func aTombstonesOwnDateDoesNotEndARetention() async throws {
        var (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        // 2100-01-01: the tombstone says that it is past.
        night.manifest.retainUntilSeconds = 4_102_444_800
        var (image, _) = try StoreForge().make([.seal(night), .prune(night.name)])
        let path = "\(night.name)/tombstone.json"
        var stone = try #require(Tombstone(image[path]))
        let hash = hexadecimal(sha256(image[path]))
        stone.prunedSeconds = 4_102_444_801
        image[path] = stone.encoded
        let log = String(decoding: image["chain.log"], as: UTF8.self)
        image["chain.log"] = Array(log.replacing(hash, with: hexadecimal(sha256(stone.encoded))).utf8)
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures))
        #expect(audit.runs[0].findings.filter { $0.level == .problem }.map(\.code) == [.tombstoneInvalid])
        let script = VerifyScript.unsigned(in: folder.path)
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.text])
        #expect(outcome.errors.contains("was to be kept until 2100-01-01"), "\(outcome)")
    }
}
