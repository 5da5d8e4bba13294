import Audit
import ConsoleText
import Files
import Glibc
package import PSRunCommandLine
import Recording
import RecordingFormat
import Results
import SystemErrors
import Threads

/// `psrun prove RUN --host H`: one target's recording in a file of its own, with what proves it.
package enum ProveCommand {
    package static func run(_ invocation: ProveInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do {
                let path = try prove(invocation, console)
                return (console.write(path + "\n") ? ExitCode.allWell : .notAllWell).number
            } catch let error as RecordingError {
                return console.fail(error)
            } catch let failure as CommandFailure {
                console.warn("psrun: \(TerminalText.presentable(failure.message, colored: false))")
                return failure.code.number
            } catch {
                console.warn("psrun: \(TerminalText.presentable("\(error)", colored: false))")
                return ExitCode.notAllWell.number
            }
        }
    }

    /// - Returns: the file that was written.
    private static func prove(_ invocation: ProveInvocation, _ console: VerbConsole) throws -> String {
        let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
        let run = try store.run(invocation.run)
        try run.requireSealed()
        let recording = try SealedRecording(folder: run.folder)
        let entries = try recording.entries(matching: invocation.host)
        guard let entry = entries.first, entries.count == 1 else {
            let names = entries.map(\.target).joined(separator: ", ")
            throw RecordingError(.ambiguous, "\(entries.count) targets match \(invocation.host): \(names). Name one.")
        }
        let proof = try ProofMaker(entry, of: recording, in: run.folder)
        let path = invocation.output.isEmpty ? proof.usualName : invocation.output
        let file = try AtomicFile.output(path)
        if invocation.keepsAccessLog {
            try run.noteReading(recording.manifest, by: "prove", host: invocation.host, console)
        }
        try proof.write { piece throws(RecordingError) in
            guard write(piece, to: file.descriptor) else {
                throw RecordingError(
                    .writeFailed,
                    "The proof \(path) cannot be written: \(describe(errno: errno))."
                )
            }
        }
        let code = file.publish()
        guard code == 0 else {
            throw RecordingError(.writeFailed, "The proof \(path) cannot be written: \(describe(errno: code)).")
        }
        return path
    }

    private static func write(_ piece: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        piece.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
