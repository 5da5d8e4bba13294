import Foundation
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import Testing

@Suite struct ExportCommandTests {
    private static func export(
        _ format: ExportInvocation.Format,
        from source: ExportInvocation.Source = .run("last"),
        in folder: String,
        isTerminal: Bool = false,
        _ change: (inout ExportInvocation) -> Void = { _ in }
    ) async -> (status: Int32, console: CapturedConsole) {
        var invocation = ExportInvocation(source: source, format: format)
        invocation.recordings = folder
        change(&invocation)
        let console = CapturedConsole()
        let status = await ExportCommand.run(invocation, console: console.console(isTerminal: isTerminal))
        return (status, console)
    }

    private static func accesses(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: "\(folder)/chain.log") else { return [] }
        return try text(of: "\(folder)/chain.log").split(separator: "\n").map(String.init)
            .filter { $0.contains("\taccess\t") }
    }

    @Test("All targets stand in one document, one where --host names it")
    func documents() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["root@web1:22", "down"])
        for format in ExportInvocation.Format.allCases where format != .cast2 && format != .cast3 {
            let all = await Self.export(format, in: folder.path)
            #expect(all.status == 0)
            #expect(all.console.warnings.isEmpty)
            #expect(all.console.output.contains("root@web1:22"), "\(format)")
            #expect(all.console.output.contains("nobody listens at down"), "\(format)")
            let one = await Self.export(format, in: folder.path) { $0.host = "WEB1" }
            #expect(one.status == 0)
            #expect(one.console.output.contains("root@web1:22"), "\(format)")
            #expect(!one.console.output.contains("nobody listens"), "\(format)")
        }
        let nobody = await Self.export(.jsonl, in: folder.path) { $0.host = "web9" }
        #expect(nobody.status == 2)
        #expect(nobody.console.warnings.contains("has no target web9. It has 2: root@web1:22, down."))
    }

    @Test("An asciicast holds one session: several go to a folder, a file each, or nowhere")
    func folders() async throws {
        let folder = try TemporaryFolder()
        let recordings = try folder.makeFolder("recordings")
        let sealed = try await RecordedSample.make(in: recordings, targets: ["web1", "a/../b"])
        let nowhere = await Self.export(.cast2, in: recordings)
        #expect(nowhere.status == 2)
        #expect(nowhere.console.output.isEmpty)
        #expect(nowhere.console.warnings.contains("has 2 targets, and an asciicast holds one"))

        for _ in 0..<2 {
            let both = await Self.export(.cast2, in: recordings) { $0.output = folder.path(of: "casts") }
            #expect(both.status == 0, "\(both.console.warnings)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "casts")).sorted()
        #expect(names == ["00001-web1.cast", "00002-a_.._b.cast"])
        let one = await Self.export(.cast2, in: recordings) { $0.host = "web1" }
        #expect(one.console.output == (try text(of: folder.path(of: "casts/00001-web1.cast"))))
        let listed = try await ChildProgram.run(
            ["/bin/sh", "-c", "tar --zstd -xOf \"$0\" 00001-web1.cast", "\(sealed.folder)/run.tar.zst"]
        )
        #expect(one.console.output == listed.output)
        let inFolder = await Self.export(.cast3, in: recordings) {
            $0.host = "web1"
            $0.output = folder.path(of: "casts") + "/"
        }
        #expect(inFolder.status == 0)
        #expect(try text(of: folder.path(of: "casts/00001-web1.cast")).hasPrefix("{\"version\":3,"))
        let file = await Self.export(.cast2, in: recordings) { $0.output = folder.path(of: "casts/00001-web1.cast") }
        #expect(file.status == 2)
        #expect(file.console.warnings.contains("cannot be created as a folder"))
    }

    @Test("The file is there whole or not at all, and what stood there before stays until then")
    func outputIsAtomic() async throws {
        let folder = try TemporaryFolder()
        let recordings = try folder.makeFolder("recordings")
        let sealed = try await RecordedSample.make(in: recordings, targets: ["web1", "web2"])
        let output = try folder.write("before\n", to: "night.jsonl")
        let whole = try contents(of: "\(sealed.folder)/run.tar.zst")
        var damaged = whole
        for offset in 60..<120 { damaged[offset] ^= 0x55 }
        try folder.write(damaged, to: "\(sealed.folder.dropFirst(folder.path.count + 1))/run.tar.zst", mode: 0o600)
        let bad = await Self.export(.jsonl, in: recordings) { $0.output = output }
        #expect(bad.status == 1, "\(bad.console.warnings)")
        #expect(try text(of: output) == "before\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["night.jsonl", "recordings"]
        )
        try folder.write(whole, to: "\(sealed.folder.dropFirst(folder.path.count + 1))/run.tar.zst", mode: 0o600)
        #expect(await Self.export(.jsonl, in: recordings) { $0.output = output }.status == 0)
        #expect(try text(of: output).hasPrefix("{\"run\":"))
        let elsewhere = await Self.export(.jsonl, in: recordings) { $0.output = folder.path(of: "no/such/folder") }
        #expect(elsewhere.status == 2)
    }

    @Test("What is not a regular file keeps its place: a FIFO is written, a folder refused")
    func outputIsNoFile() async throws {
        let folder = try TemporaryFolder()
        let recordings = try folder.makeFolder("recordings")
        _ = try await RecordedSample.make(in: recordings, targets: ["web1"])
        let fifo = folder.path(of: "fifo")
        try #require(mkfifo(fifo, 0o600) == 0)
        let reader = FileHandle(
            fileDescriptor: open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC),
            closeOnDealloc: true
        )
        let written = await Self.export(.jsonl, in: recordings) { $0.output = fifo }
        #expect(written.status == 0, "\(written.console.warnings)")
        #expect(String(decoding: reader.availableData, as: UTF8.self).hasPrefix("{\"run\":"))
        let refused = await Self.export(.jsonl, in: recordings) { $0.output = recordings }
        #expect(refused.status == 2)
        #expect(refused.console.warnings.contains("it is a folder"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["fifo", "recordings"])
        #expect(try FileManager.default.attributesOfItem(atPath: fifo)[.type] as? FileAttributeType != .typeRegular)
    }

    @Test("A file keeps its mode, and a link to it stays one")
    func outputKeepsItsPlace() async throws {
        let folder = try TemporaryFolder()
        let recordings = try folder.makeFolder("recordings")
        _ = try await RecordedSample.make(in: recordings, targets: ["web1"])
        let file = try folder.write("before", to: "real", mode: 0o600)
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
        #expect(await Self.export(.jsonl, in: recordings) { $0.output = link }.status == 0)
        #expect(try text(of: file).hasPrefix("{\"run\":"))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
    }

    @Test("JSON lines go back to the stored bytes, and into every other form")
    func wayBack() async throws {
        let folder = try TemporaryFolder()
        let recordings = try folder.makeFolder("recordings")
        _ = try await RecordedSample.make(in: recordings, targets: ["web1", "web2"])
        let jsonl = folder.path(of: "night.jsonl")
        _ = await Self.export(.jsonl, in: recordings) { $0.output = jsonl }
        for host in ["web1", "web2"] {
            let stored = await Self.export(.cast2, in: recordings) { $0.host = host }
            let back = await Self.export(.cast2, from: .file(jsonl), in: recordings) { $0.host = host }
            #expect(back.status == 0)
            #expect(back.console.output == stored.console.output)
        }
        for format in [ExportInvocation.Format.jsonl, .transcript, .junit, .markdown, .html] {
            let direct = await Self.export(format, in: recordings)
            let back = await Self.export(format, from: .file(jsonl), in: recordings)
            #expect(back.console.output == direct.console.output, "\(format)")
        }
        // One session's asciicast is a source as well.
        let cast = folder.path(of: "web1.cast")
        _ = await Self.export(.cast2, in: recordings) {
            $0.host = "web1"
            $0.output = cast
        }
        let transcript = await Self.export(.transcript, from: .file(cast), in: recordings)
        #expect(transcript.status == 0)
        #expect(transcript.console.output.contains("Machine: web1\n"))
    }

    @Test(
        "A file that is neither is refused, with its line",
        arguments: [
            ("", "is neither an export --as jsonl"), ("PS> hi\n", "is neither"),
            ("{\"version\":3}\n", "is neither"),
            ("{\"version\":2}\n[1, \"o\", \"x\"]\n[oops]\n", "line 3: "),
            ("{\"run\":\"a\"}\n{\"run\":\"b\"}\n", "line 2: a second run begins"),
            ("{\"entry\":1,\"target\":\"a\",\"line\":\"\"}\n{\"entry\":1}\n", "line 2: not an event"),
            (
                "{\"entry\":1,\"target\":\"a\",\"line\":\"x\"}\n{\"entry\":2,\"target\":\"b\",\"line\":\"x\"}\n"
                    + "{\"entry\":1,\"target\":\"a\",\"line\":\"x\"}\n",
                "line 3: entry 1 appears a second time"
            ),
        ]
    )
    func otherFiles(content: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(content, to: "file")
        let (status, console) = await Self.export(.transcript, from: .file(file), in: folder.path)
        #expect(status == 2)
        #expect(console.warnings.contains(message), "\(console.warnings)")
        let missing = await Self.export(.transcript, from: .file(file + "x"), in: folder.path)
        #expect(missing.status == 2)
        let noFile = await Self.export(.transcript, from: .file(folder.path), in: folder.path)
        #expect(noFile.console.warnings.contains("is not a regular file"))
    }

    @Test("A terminal gets text and no command, whatever the format")
    func terminals() async throws {
        let folder = try TemporaryFolder()
        let cast = try folder.write(
            "{\"version\":2,\"width\":80,\"height\":24}\n[0.1, \"m\", \"line 1\"]\n[0.1, \"o\", \"\u{9b}2J\u{202e}\\u001b[2J\"]\n",
            to: "odd.cast"
        )
        for format in ExportInvocation.Format.allCases {
            let (status, console) = await Self.export(format, from: .file(cast), in: folder.path, isTerminal: true)
            #expect(status == 0)
            #expect(!console.output.isEmpty)
            let commands = console.output.unicodeScalars.filter {
                $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202e}"
            }
            #expect(commands.isEmpty, "\(format)")
        }
    }

    @Test("An export of a sealed run is noted before anything is shown, unless --no-access-log")
    func accessIsNoted() async throws {
        let folder = try TemporaryFolder()
        let sealed = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        _ = await Self.export(.junit, in: folder.path) { $0.keepsAccessLog = false }
        #expect(try Self.accesses(in: folder.path).isEmpty)
        _ = await Self.export(.html, in: folder.path) { $0.host = "web1" }
        // A run that is named by its folder is noted in the folder around it.
        _ = await Self.export(.junit, from: .run(sealed.folder), in: "elsewhere")
        let accesses = try Self.accesses(in: folder.path)
        #expect(accesses.count == 2)
        #expect(accesses.first?.hasSuffix("\texport --as html --host web1") == true, "\(accesses)")
        #expect(accesses.last?.hasSuffix("\texport --as junit") == true, "\(accesses)")
    }
}
