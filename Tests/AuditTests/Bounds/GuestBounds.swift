import Connections
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import ContainerTransport
@testable import MachineTransport

/// The bounds of what containers' engines, libvirt and guests say.
enum GuestBounds {
    static let cases: [String: BoundCase] = [
        "a container engine's answer": BoundCase(limit: "\(EngineCall.longestAnswer >> 20) MiB") {
            let lines = engineID.utf8.count + "\nweb\nrunning\n".utf8.count
            func enter(_ bytes: Int) async throws -> String? {
                try await codeOfEntering(padding: bytes - lines, before: 0)
            }
            if let code = try await enter(EngineCall.longestAnswer) { return "at the bound: \(code)" }
            return "`\(try await enter(EngineCall.longestAnswer + 1) ?? "")`"
        },
        "what is written before a container's program says its first word": BoundCase(
            limit: "\(ContainerSession.longestPreamble >> 10) KiB"
        ) {
            func enter(_ bytes: Int) async throws -> String? { try await codeOfEntering(padding: 0, before: bytes) }
            if let code = try await enter(ContainerSession.longestPreamble) { return "at the bound: \(code)" }
            return "`\(try await enter(ContainerSession.longestPreamble + 1) ?? "")`"
        },
        "libvirt's description of a machine": BoundCase(limit: "\(MachineDescription.longest >> 20) MiB") {
            func code(_ bytes: Int) -> String? {
                let text = [CChar](repeating: 0x20, count: bytes) + [0]
                return text.withUnsafeBufferPointer { text in
                    guard let start = text.baseAddress else { return nil }
                    do throws(MachineFailure) {
                        _ = try MachineDescription(bounded: start)
                        return nil
                    } catch {
                        return error.code.rawValue
                    }
                }
            }
            guard code(MachineDescription.longest) == nil else { return "" }
            return "`\(code(MachineDescription.longest + 1) ?? "")`"
        },
        "what an earlier client left in a machine's channel": BoundCase(
            limit: "\(MachineChannel.longestLeftover >> 20) MiB"
        ) {
            func enter(_ bytes: Int) async throws -> String? {
                let peer = try await ChannelPeer(["/bin/cat"], user: "op", leftover: bytes)
                let channel = MachineChannel(
                    place: MachinePlace(.name("web"), user: "op"),
                    socket: peer.path,
                    loop: try TestLoops.next()
                )
                return try await code { try await channel.withConnection(timeline: .init(), deadline: nil) { _ in } }
            }
            guard try await enter(MachineChannel.longestLeftover) == nil else { return "" }
            return "`\(try await enter(MachineChannel.longestLeftover + 1) ?? "")`"
        },
        "a greeting on a channel": BoundCase(limit: "\(ChannelReader.longestGreeting) bytes") {
            func isTaken(_ count: Int) -> Bool {
                let plain = ChannelGreeting(random: 1, 2)
                let user = String(repeating: "u", count: count - plain.bytes.count - 1)
                var reader = ChannelReader()
                let greeting = ChannelGreeting(nonce: plain.nonce, user: user)
                return reader.receive(greeting.bytes) == [.greeting(greeting)]
            }
            guard isTaken(ChannelReader.longestGreeting), !isTaken(ChannelReader.longestGreeting + 1) else { return "" }
            return "it is not taken for one"
        },
    ]

    private static let engineID = String(repeating: "a", count: 64)

    /// Enters a container of an engine that says more than it must.
    /// - Parameters:
    ///   - padding: line ends behind what it says of the container.
    ///   - before: bytes that its client writes before a program in the container says anything.
    /// - Returns: what that fails with; nil where it does not.
    private static func codeOfEntering(padding: Int, before: Int) async throws -> String? {
        let folder = try TemporaryFolder()
        func pad(_ bytes: Int, _ sign: String) -> String { "head -c \(bytes) /dev/zero | tr '\\0' '\(sign)'" }
        // As any engine's client it waits for what runs in the container, which may leave for a session of its own.
        // A word that stands behind others in its line is not one.
        let words = before == 0 ? ":" : "{ \(pad(before - 1, "x")); echo; } >&2"
        let script = """
            #!/bin/sh
            case $1 in
            inspect) printf '%s\\n' \(engineID) web running; \(pad(padding, "\\n"));;
            exec) shift 3; \(words); "$@";;
            esac
            """
        try folder.write(script + "\n", to: "podman", mode: 0o755)
        let entry = ContainerEntry(
            place: ContainerPlace("web"),
            path: folder.path,
            patience: .seconds(1),
            loop: try TestLoops.next()
        )
        return try await code { try await entry.withContainer(timeline: .init(), deadline: nil) { _ in } }
    }

    private static func code(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let error as TransportError {
            return error.code.rawValue
        }
    }
}
