import CLIXML
import Files
import Foundation
import Glibc
import PSRP
import PSRunTestSupport
import Synchronization
import Testing

@testable import PSRPEndpoint

/// A pseudo-terminal in raw mode as a virtual machine's channel: one of which no hang-up is ever told, so that a greeting is
/// all that parts one client from the next.
private final class Port: Serving, Sendable {
    private let host: FileDescriptor
    private let ended = Mutex<Int32?>(nil)

    init() throws {
        typealias OfNumber = @convention(c) (Int32) -> Int32
        let number = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        let unlock = try Self.function("unlockpt", OfNumber.self)
        let name = try Self.function("ptsname", (@convention(c) (Int32) -> UnsafePointer<CChar>?).self)
        try #require(number >= 0 && unlock(number) == 0)
        host = FileDescriptor(owning: number)
        var settings = termios()
        try #require(tcgetattr(number, &settings) == 0)
        cfmakeraw(&settings)
        try #require(tcsetattr(number, TCSANOW, &settings) == 0)
        let path = String(cString: try #require(name(number)))
        Thread { [self] in
            let program = TestedShell.dash.program
            do {
                try serveChannel(at: path) { port in
                    let descriptors = (port.descriptor.raw, port.descriptor.raw)
                    let environment = ShellUnderTest.variables
                    _ = serve(
                        on: descriptors,
                        program,
                        folder: "/",
                        environment: environment,
                        version: "0",
                        channel: port
                    )
                }
            } catch {
                ended.withLock { $0 = 1 }
            }
        }.start()
    }

    /// A function of the C library's that Swift does not see: it keeps them for X/Open's sources.
    private static func function<Function>(_ name: String, _: Function.Type) throws -> Function {
        unsafeBitCast(try #require(dlsym(nil, name)), to: Function.self)
    }

    func status() throws -> Int32 { try #require(ended.withLock { $0 }) }

    /// A client, whose greeting has been answered.
    func client(greets: Bool = true) throws -> EndpointUnderTest {
        let client = EndpointUnderTest(over: FileDescriptor(owning: dup(host.raw)), self)
        if greets { try greet() }
        return client
    }

    /// Says a greeting, and passes over all that comes before its answer.
    private func greet() throws {
        let greeting = ChannelGreeting(random: .random(in: .min ... .max), .random(in: .min ... .max))
        write(greeting.bytes)
        var reader = ChannelReader()
        while true {
            var wait = pollfd(fd: host.raw, events: Int16(POLLIN), revents: 0)
            try #require(poll(&wait, 1, 30_000) > 0, "the endpoint does not answer")
            for case .greeting(let answer) in reader.receive(try #require(host.read(limit: 1 << 16))) {
                guard answer.nonce == greeting.nonce else { continue }
                #expect(answer.user == ChannelPlace.userName(geteuid()))
                return
            }
        }
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, let count = host.write(rest) { rest = rest.dropFirst(count) }
    }
}

@Suite("The endpoint on a virtual machine's channel", .serialized)
struct ChannelServerTests {
    @Test("Sessions come one after the other, each with a shell of its own, in whatever way the one before has ended")
    func sessions() throws {
        let port = try Port()
        let first = try port.client().opened()
        #expect(try first.line("x=5; echo $x").console == ["5"])
        try first.closePool()
        // One that goes on as if it had not been closed.
        let second = try port.client().opened()
        #expect(try second.line("echo \"<$x>\"").console == ["<>"])
        let session = try #require(Int32(try second.line("echo $$").console[0]))
        let flood = second.client.create(.line("sleep 300 & yes"))
        try second.pump { $0.results[flood]?.console.first == "y" }
        // One that has left in a flood, and of which nothing tells.
        let third = try port.client().opened()
        #expect(members(of: session) == 0)
        #expect(try third.line("echo \"<$x>\"; exit 4").console == ["<>"])
        // One whose last message is not whole.
        port.write(Array("<Data Stream='Default' PSGuid='0000".utf8))
        let fourth = try port.client().opened()
        port.write(Array(ChannelGreeting(random: 1, 2).bytes.prefix(9)))
        let fifth = try port.client().opened()
        #expect(try fifth.line("echo in").console == ["in"])
        withExtendedLifetime(fourth) {}
    }

    @Test("What says no greeting is served as well, and what is not PSRP ends its session alone")
    func others() throws {
        let port = try Port()
        let plain = try port.client(greets: false).opened()
        #expect(try plain.line("echo in").console == ["in"])
        port.write(Array("<junk>\n".utf8))
        port.write(Array("and more of it\n\n".utf8))
        let next = try port.client().opened()
        #expect(try next.line("echo on").console == ["on"])
    }

    @Test("A port that is none, and a machine that has none of that name, are told")
    func missing() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        for (path, words) in [(file, "is not a port"), (folder.path(of: "none"), "No such file")] {
            do throws(EndpointError) {
                try serveChannel(at: path) { _ in Issue.record("somebody was served") }
            } catch {
                #expect(error.message.contains(words), "\(error.message)")
            }
        }
        do throws(EndpointError) {
            _ = try ChannelPlace.standard()
            Issue.record("this computer has a channel of psrun's")
        } catch {
            #expect(error.message.contains("<channel type='unix'>"))
        }
    }

    @Test("The endpoint says who it runs as by name, or by number")
    func users() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("#x:x:7:\nroot:x:0:0::/:/bin/sh\nop:x:1000:1000\n:x:8\n", to: "passwd")
        let names = [(0, "root"), (1000, "op"), (7, "7"), (8, "8"), (1, "1")] as [(UInt32, String)]
        for (number, name) in names { #expect(ChannelPlace.userName(number, in: file) == (number == 7 ? "#x" : name)) }
        #expect(ChannelPlace.userName(0, in: folder.path(of: "none")) == "root")
    }
}
