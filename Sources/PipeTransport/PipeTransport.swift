package import Connections
package import EventLoops

/// Enters a PowerShell that runs on this computer through its pipe, as Enter-PSHostProcess does: out-of-process framing from
/// the first byte on, no greeting.
package struct PipeTransport: ByteTransport {
    private let place: PipePlace
    private let folders: [String]
    private let loop: EventLoop

    /// A server between two clients makes its file anew; so long is waited before another look.
    private static let pause = Duration.milliseconds(100)

    /// - Parameters:
    ///   - folders: where pipes are made.
    ///   - loop: what the socket is read and written on.
    package init(_ place: PipePlace, folders: [String], loop: EventLoop) {
        self.place = place
        self.folders = folders
        self.loop = loop
    }

    package var firstWord: ConnectionPhase? { .pipe }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        let stream = UnixStream.ofPipe(on: loop)
        return try await stream.whileConnected(
            in: .pipe,
            timeline: timeline,
            connect: { try await connect(stream, deadline) },
            body
        )
    }

    /// What cannot pass is told at once; what can is looked at once more. A crowd before the pipe is waited for.
    private func connect(_ stream: UnixStream, _ deadline: ConnectingDeadline?) async throws {
        var isSecondLook = false
        while true {
            do {
                if try await stream.connect(to: place, in: folders, deadline) { return }
            } catch let failure as PipeFailure {
                guard failure.mayPass, !isSecondLook else {
                    throw TransportError(.pipeUnusable, phase: .pipe, "\(place.label): \(failure.message)")
                }
                isSecondLook = true
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
