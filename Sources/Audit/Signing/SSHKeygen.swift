import CLinux
import Glibc
import Recording
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
    /// - Throws: `signing` where it can't be started, or does not end in time.
    init(
        _ arguments: [String],
        input: [UInt8],
        file: [UInt8] = [],
        environment: [String: String],
        patience milliseconds: Int32 = 10_000
    ) throws(RecordingError) {
        let files = [try MemoryFile(input), try MemoryFile([]), try MemoryFile([]), try MemoryFile(file)]
        let process = try Self.start(["ssh-keygen"] + arguments, files, Self.childEnvironment(environment))
        let status = Self.wait(for: process, milliseconds)
        guard let status else {
            throw RecordingError(
                .signing,
                "ssh-keygen did not end within \(milliseconds) ms and was killed. An agent that does not answer, or a key "
                    + "that waits for a touch, can be the reason."
            )
        }
        succeeded = status == 0
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

    private static func start(
        _ arguments: [String],
        _ files: [MemoryFile],
        _ environment: [String]
    ) throws(RecordingError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // First out of the way of the numbers that they are to get.
        for (number, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file.descriptor, Int32(100 + number))
        }
        for number in files.indices {
            posix_spawn_file_actions_adddup2(&actions, Int32(100 + number), Int32(number))
        }
        _ = posix_spawn_file_actions_addclosefrom_np(&actions, Int32(files.count))
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // POSIX_SPAWN_SETSID, which the C library keeps for GNU sources.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | 0x80))
        var process: pid_t = 0
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { posix_spawnp(&process, "ssh-keygen", &actions, &attributes, arguments, $0) }
        }
        guard failure == 0 else {
            throw RecordingError(
                .signing,
                "ssh-keygen can't be started: \(describe(errno: failure)). It is in the package openssh-client."
            )
        }
        return process
    }

    /// - Returns: its exit code, or nil where it had to be killed or died of a signal.
    private static func wait(for process: pid_t, _ milliseconds: Int32) -> Int32? {
        var request = pollfd(fd: psrun_pidfd_open(process), events: Int16(POLLIN), revents: 0)
        // Without a descriptor poll(2) waits for the time to pass, which is as bad as a process that hangs.
        let ended = poll(&request, 1, request.fd < 0 ? 0 : milliseconds) > 0
        if request.fd >= 0 { close(request.fd) }
        if !ended { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return ended && status & 0x7f == 0 ? status >> 8 & 0xff : nil
    }
}

/// A null-terminated vector of C strings, for the time of one call.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { vector[index] = strdup(string) }
    vector[strings.count] = nil
    defer {
        for index in strings.indices { free(vector[index]) }
        vector.deallocate()
    }
    return body(vector)
}
