import Files
import Glibc
import Processes

/// Runs of `sh -n`, one after another, until it is known what a text is.
final class SyntaxCheck {
    /// Where the checking shell writes its messages; its end is the end of a run.
    private(set) var messages: FileDescriptor
    private let program: ShellProgram
    private let environment: [String]
    private var inquiry: SyntaxInquiry
    private var process: pid_t
    private var received: [UInt8] = []

    /// - Throws: `EndpointError`
    init(of text: String, by program: ShellProgram, environment: [String]) throws(EndpointError) {
        self.program = program
        inquiry = SyntaxInquiry(text)
        self.environment = environment.filter { !$0.hasPrefix("LC_ALL=") } + ["LC_ALL=C"]
        (process, messages) = try Self.start(program, self.environment, inquiry.next)
    }

    /// To be called when `messages` can be read.
    /// - Returns: nil as long as the shell has not made up its mind.
    /// - Throws: `EndpointError`
    func advance() throws(EndpointError) -> SyntaxVerdict? {
        if let bytes = messages.read(limit: 1 << 16), !bytes.isEmpty {
            if received.count < 4096 { received += bytes }
            return nil
        }
        let isPassed = waitForEnd(of: process) == .exited(0)
        let message = String(decoding: received, as: UTF8.self)
        if let verdict = inquiry.take(passed: isPassed, errorOutput: message) { return verdict }
        received = []
        (process, messages) = try Self.start(program, environment, inquiry.next)
        return nil
    }

    private static func start(
        _ program: ShellProgram,
        _ environment: [String],
        _ text: String
    ) throws(EndpointError) -> (pid_t, FileDescriptor) {
        let file = try FileDescriptor.memoryFile()
        file.setContent(Array(text.utf8))
        let pipe = try FileDescriptor.pipe()
        let nowhere = try FileDescriptor.nowhere()
        do {
            let process = try spawn(
                program.path,
                program.checkingArguments,
                environment: environment,
                descriptors: [file.raw, nowhere.raw, pipe.writing.raw],
                leading: .nothing
            )
            return (process, pipe.reading)
        } catch {
            throw EndpointError("psrun endpoint could not start \(program.path): \(error.reason).")
        }
    }
}
