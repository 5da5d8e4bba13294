import Glibc
import SystemErrors

/// One run of `sh -n`, and a second where the first cannot tell.
final class SyntaxCheck {
    /// Where the checking shell writes its messages; its end is the end of a run.
    private(set) var messages: Descriptor
    private let program: ShellProgram
    private let environment: [String]
    private let text: String
    private var process: pid_t
    private var received: [UInt8] = []
    private var isProbe = false

    /// - Throws: `EndpointError`
    init(of text: String, by program: ShellProgram, environment: [String]) throws(EndpointError) {
        self.program = program
        self.text = text
        self.environment = environment.filter { !$0.hasPrefix("LC_ALL=") } + ["LC_ALL=C"]
        (process, messages) = try Self.start(program, self.environment, text + "\n")
    }

    /// To be called when `messages` can be read.
    /// - Returns: nil as long as the shell has not made up its mind.
    /// - Throws: `EndpointError`
    func advance() throws(EndpointError) -> SyntaxVerdict? {
        if let bytes = messages.read(limit: 1 << 16), !bytes.isEmpty {
            if received.count < 4096 { received += bytes }
            return nil
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let message = String(decoding: received, as: UTF8.self)
        if !isProbe, status == 0, SyntaxVerdict.needsProbe(text) {
            isProbe = true
            received = []
            (process, messages) = try Self.start(program, environment, SyntaxVerdict.probe(text))
            return nil
        }
        return isProbe
            ? SyntaxVerdict(passed: true, errorOutput: "", probePassed: status == 0)
            : SyntaxVerdict(passed: status == 0, errorOutput: message, probePassed: nil)
    }

    private static func start(
        _ program: ShellProgram,
        _ environment: [String],
        _ text: String
    ) throws(EndpointError) -> (pid_t, Descriptor) {
        let file = try Descriptor.memoryFile()
        file.setContent(Array(text.utf8))
        let pipe = try Descriptor.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file.number, STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe.writing.number, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let failure = withExtendedLifetime((file, pipe)) {
            withCStrings(program.checkingArguments) { arguments in
                withCStrings(environment) { posix_spawn(&process, program.path, &actions, &attributes, arguments, $0) }
            }
        }
        guard failure == 0 else {
            let reason = describe(errno: failure)
            throw EndpointError("psrun endpoint could not start \(program.path): \(reason).")
        }
        return (process, pipe.reading)
    }
}
