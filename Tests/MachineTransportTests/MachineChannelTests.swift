import Connections
import Glibc
import PSRunTestSupport
import Testing

@testable import MachineTransport

/// The channel's end on this side, against a stand-in for the hypervisor and the endpoint.
struct MachineChannelTests {
    private func channel(_ peer: ChannelPeer, user: String = "op") throws -> MachineChannel {
        try channel(at: peer.path, user: user)
    }

    private func channel(at path: String, user: String = "op") throws -> MachineChannel {
        MachineChannel(
            place: MachinePlace(.name("web"), user: user, way: .channel),
            socket: path,
            loop: try TestLoops.next()
        )
    }

    /// What entering fails with, as the transport tells it.
    private func failure(_ channel: MachineChannel, within limit: Duration? = nil) async throws -> TransportError? {
        let deadline = limit.map { ConnectingDeadline($0, on: RunClock()) }
        return await #expect(throws: TransportError.self) {
            try await channel.withConnection(timeline: ConnectionTimeline(), deadline: deadline) { _ in }
        }
    }

    @Test("A channel passes the conformance kit of every way in")
    func conforms() async throws {
        var peers: [FarProgram: ChannelPeer] = [:]
        for program in FarProgram.allCases {
            peers[program] = try await ChannelPeer(["/bin/sh", "-c", program.rawValue], user: "op")
        }
        let all = peers
        let conformance = TransportConformance(carriesDiagnostics: false, tellsStatus: false) { program in
            guard let peer = all[program] else { throw TestSupportError("no peer for \(program)") }
            return try channel(peer)
        }
        try await conformance.echoesMessages()
        try await conformance.tellsStreamsAndStatus()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
    }

    @Test("A cancelled session leaves the machine to itself")
    func cancelled() async throws {
        let peer = try await ChannelPeer(["/bin/sh", "-c", FarProgram.deaf.rawValue], user: "op")
        let conformance = TransportConformance(carriesDiagnostics: false) { _ in try channel(peer) }
        try await conformance.cancellationEndsIt()
    }

    @Test("Sessions come one after the other, and none hears what an earlier one left")
    func oneAfterTheOther() async throws {
        let peer = try await ChannelPeer(["/bin/cat"], user: "op", leftover: 100_000)
        let conformance = TransportConformance(carriesDiagnostics: false) { _ in try channel(peer) }
        for _ in 0..<5 { try await conformance.echoesMessages() }
    }

    @Test("The phase has a name of its own, and lasts until the endpoint has answered")
    func phase() async throws {
        let peer = try await ChannelPeer(["/bin/cat"], user: "op")
        let timeline = ConnectionTimeline()
        try await channel(peer).withConnection(timeline: timeline, deadline: nil) { _ in
            #expect(timeline.current == nil)
        }
        #expect(Set(timeline.durations.keys) == [.virtio])
    }

    @Test("The clock holds where nobody answers, and where somebody else is in it")
    func clock() async throws {
        let silent = try await ChannelPeer(["/bin/cat"], user: nil)
        let error = try await failure(try channel(silent), within: .seconds(1))
        #expect(error?.code == .timedOut && error?.phase == .virtio, "\(error as Any)")
        #expect(error?.message.contains("somebody else may be in it") == true)
        let busy = try await ChannelPeer(["/bin/cat"], user: "op")
        try await channel(busy).withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in
            let error = try await failure(try channel(busy), within: .seconds(1))
            #expect(error?.code == .timedOut && error?.phase == .virtio, "\(error as Any)")
        }
    }

    @Test("An endpoint that runs as another user, and a socket that is none, are told")
    func refused() async throws {
        let peer = try await ChannelPeer(["/bin/cat"], user: "root")
        let other = try await failure(try channel(peer))
        #expect(other?.code == .channelUnusable && other?.phase == .virtio)
        #expect(other?.message.contains("runs as root, and not as op") == true, "\(other as Any)")
        let folder = try TemporaryFolder()
        let missing = try await failure(try channel(at: folder.path(of: "none")))
        #expect(missing?.message.contains("No such file") == true, "\(missing as Any)")
        let file = try await failure(try channel(at: try folder.write("", to: "file")))
        #expect(file?.code == .channelUnusable && file?.message.contains("refused") == true, "\(file as Any)")
    }
}
