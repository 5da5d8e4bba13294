import Connections
import EventLoops
import Files
import Threads

/// The socket of one process's pipe.
extension UnixStream {
    static func ofPipe(on loop: EventLoop) -> UnixStream {
        UnixStream(
            loop: loop,
            gone: TransportError(
                .connectionLost,
                phase: nil,
                "the process at the pipe's other end has left and takes no more input."
            )
        )
    }

    /// Looks for the pipe, off the loop, and connects to it.
    /// - Returns: false where it takes no further client now.
    /// - Throws: PipeFailure; TransportError where it is not found by the deadline.
    func connect(to place: PipePlace, in folders: [String], _ deadline: ConnectingDeadline?) async throws -> Bool {
        let found = Promise<FileDescriptor?>()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { found.fail(deadline.failure(of: place.label, in: .pipe)) }
        }
        defer { timer?.cancel() }
        Lane.files.submit {
            found.keep(Result { try PipeFile(HostProcess.pipe(of: place, folders: folders)).connect() })
        }
        let descriptor = try await withTaskCancellationHandler {
            try await found.value()
        } onCancel: {
            found.fail(CancellationError())
        }
        guard let descriptor else { return false }
        do {
            try begin(descriptor)
        } catch {
            throw TransportError(.pipeUnusable, phase: .pipe, "the pipe cannot be watched: \(error.reason).")
        }
        return true
    }
}
