import Files
import Processes
import Recording
import RecordingFormat
import SystemErrors

/// One run of ssh-keygen(1): without a terminal, in a session of its own, bounded in time, and reaped whatever happens.
/// Its files are in memory, so that it never waits for anybody to read or to write.
struct SSHKeygen {
    /// What it prints is a signature or some lines.
    private static let outputBytes = 1 << 20

    /// Where the child finds `file`.
    static let filePath = "/dev/fd/3"

    let succeeded: Bool
    let output: [UInt8]
    /// Its own words, on one line.
    let complaint: String

    /// Starts it and waits for its end; blocks.
    /// - Parameters:
    ///   - input: what it reads from its standard input.
    ///   - file: what it finds at `filePath`.
    /// - Throws: `signing` where it cannot be started, or does not end in time.
    init(
        _ arguments: [String],
        input: [UInt8],
        file: [UInt8] = [],
        environment: [String: String],
        patience milliseconds: Int32 = Int32(RecordingBound.keygenWait.limit)
    ) throws(RecordingError) {
        let files: [MemoryFile]
        do throws(SystemError) {
            files = [try MemoryFile(input), try MemoryFile([]), try MemoryFile([]), try MemoryFile(file)]
        } catch {
            throw RecordingError(
                .signing,
                "ssh-keygen cannot be given what it needs: \(describe(errno: error.code))."
            )
        }
        let child: ChildProcess
        do throws(ChildFailure) {
            child = try ChildProcess(
                "ssh-keygen",
                ["ssh-keygen"] + arguments,
                environment: Self.childEnvironment(environment),
                descriptors: files.map(\.descriptor),
                leading: .session
            )
        } catch {
            throw RecordingError(
                .signing,
                "ssh-keygen cannot be run: \(error.reason). It is in the package openssh-client."
            )
        }
        guard child.hasEnded(within: .milliseconds(milliseconds)) else {
            _ = child.endNow(.immediate)
            throw RecordingError(
                .signing,
                "ssh-keygen did not end within \(milliseconds) ms and was killed. Perhaps an agent does not answer, or a key "
                    + "waits to be touched."
            )
        }
        guard case .exited(let code)? = child.reap() else {
            throw RecordingError(.signing, "ssh-keygen was ended by a signal, or the system does not tell how.")
        }
        succeeded = code == 0
        output = files[1].content(limit: Self.outputBytes)
        complaint = String(decoding: files[2].content(limit: 4_096), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
            // It asks although there is nobody: what follows on the same line is what it says.
            .replacing("Enter passphrase: ", with: "")
    }

    /// Nothing that could ask a person: no terminal, no window.
    private static func childEnvironment(_ environment: [String: String]) -> [String] {
        var variables = environment
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_ASKPASS"] { variables[name] = nil }
        variables["SSH_ASKPASS_REQUIRE"] = "never"
        variables["PATH"] = variables["PATH"] ?? "/usr/bin:/bin"
        return variables.map { "\($0.key)=\($0.value)" }
    }
}
