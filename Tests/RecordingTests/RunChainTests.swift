import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing
import Threads

@Suite struct RunChainTests {
    private static func event(_ run: String) -> ChainEvent {
        ChainEvent(
            seconds: 1_795_312_800,
            kind: .access,
            run: run,
            value: hexadecimal(sha256(Array(run.utf8))),
            who: "alice(1000)",
            what: String(repeating: "replay ", count: 40)
        )
    }

    @Test("Many writers that append at once make one chain")
    func manyWhoAppendAtOnceMakeOneChain() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<25 {
                        let result = await onOwnThread { () -> RecordingError? in
                            do throws(RecordingError) {
                                try RunChain.append([Self.event("\(writer) \(number)")], in: path)
                                return nil
                            } catch {
                                return error
                            }
                        }
                        if let result { throw result }
                    }
                }
            }
            try await group.waitForAll()
        }
        let chain = try RunChain.read(in: path)
        #expect(chain.faults.isEmpty)
        #expect(chain.count == 200)
        #expect(Set(chain.links.map(\.line.event.run)).count == 200)
    }

    @Test("The head is the hash of the last line")
    func theHeadIsTheHashOfTheLastLine() async throws {
        let folder = try TemporaryFolder()
        #expect(try RunChain.read(in: folder.path).head == Chain.emptyHead)
        let head = try RunChain.append([Self.event("a"), Self.event("b")], in: folder.path)
        #expect(head.lines == 2)
        let hash = try await shell("tail -n 1 chain.log | tr -d '\\n' | sha256sum", in: folder.path).output
        #expect(hash.hasPrefix(head.hash))
        #expect(try RunChain.read(in: folder.path).head == head.hash)
    }

    @Test("A torn line is cut off by the next writer")
    func aTornLineIsCutOffByTheNextWriter() throws {
        let folder = try TemporaryFolder()
        let first = try RunChain.append([Self.event("a")], in: folder.path)
        let whole = try contents(of: folder.path(of: "chain.log"))
        try folder.write(whole + whole.prefix(100), to: "chain.log")
        #expect(try RunChain.read(in: folder.path).tornBytes == 100)
        #expect(try RunChain.read(in: folder.path).head == first.hash)
        try RunChain.append([Self.event("b")], in: folder.path)
        let chain = try RunChain.read(in: folder.path)
        #expect(chain.faults.isEmpty)
        #expect(chain.links.map(\.line.event.run) == ["a", "b"])
    }

    @Test(
        "A file that is somebody's own, and no chain, is neither added to nor cut off, before a run and after it",
        arguments: [
            "remember the milk\n", "remember the milk", "1\nsecond line\n", "2027-11-22 backup done", "12 monkeys",
        ]
    )
    func noChain(text: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "chain.log", mode: 0o600)
        let error = #expect(throws: RecordingError.self) { try RunChain.append([Self.event("a")], in: folder.path) }
        #expect(error?.message.contains("there is no line of a chain in it") == true, "\(error?.message ?? "")")
        #expect(String(decoding: try contents(of: folder.path(of: "chain.log")), as: UTF8.self) == text)
    }

    @Test("Zeros that a file system left in a torn line's place are cut off as one")
    func tornZeros() throws {
        let folder = try TemporaryFolder()
        try folder.write([UInt8](repeating: 0, count: 100), to: "chain.log", mode: 0o600)
        try RunChain.append([Self.event("a")], in: folder.path)
        #expect(try RunChain.read(in: folder.path).links.map(\.line.event.run) == ["a"])
    }

    @Test("Terabytes of nothing at the end of the chain are not cut off as a torn line")
    func whatIsNoLineIsNotCutOffAsOne() throws {
        let folder = try TemporaryFolder()
        try RunChain.append([Self.event("a")], in: folder.path)
        #expect(truncate(folder.path(of: "chain.log"), 1 << 43) == 0)
        let error = #expect(throws: RecordingError.self) { try RunChain.append([Self.event("b")], in: folder.path) }
        #expect(error?.code == .writeFailed)
        #expect(try File(folder.path(of: "chain.log"), O_RDONLY).size == 1 << 43)
    }

    @Test("A line that did not reach the disk is not in the chain")
    func aLineThatDidNotReachTheDiskIsNotThere() throws {
        let folder = try TemporaryFolder()
        try RunChain.append([Self.event("a")], in: folder.path)
        for operation in [FileFaults.Operation.write, .sync] {
            let error = #expect(throws: RecordingError.self) {
                try RunChain.append(
                    [Self.event("b")],
                    in: folder.path,
                    faults: FileFaults { asked, _ in asked == operation ? EIO : nil }
                )
            }
            #expect(error?.code == .writeFailed)
            #expect(error?.message.contains("chain.log") == true)
            #expect(try RunChain.read(in: folder.path).count == 1)
        }
        try RunChain.append([Self.event("c")], in: folder.path)
        #expect(try RunChain.read(in: folder.path).links.map(\.line.event.run) == ["a", "c"])
    }

    @Test("A link in the place of the chain is not followed")
    func aLinkInThePlaceOfTheChainIsNotFollowed() async throws {
        let folder = try TemporaryFolder()
        _ = try await shell("ln -s elsewhere chain.log", in: folder.path)
        let error = #expect(throws: RecordingError.self) { try RunChain.append([Self.event("a")], in: folder.path) }
        #expect(error?.code == .writeFailed)
        #expect(access(folder.path(of: "elsewhere"), F_OK) != 0)
    }
}
