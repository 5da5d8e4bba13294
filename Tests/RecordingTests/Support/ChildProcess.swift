import Glibc

/// A program that was started here.
struct ChildProcess {
    let id: pid_t

    /// - Parameters:
    ///   - output: what it gets as standard output.
    ///   - errors: what it gets as standard error; its own where nil.
    init(_ arguments: [String], output: Int32, errors: Int32? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, 2) }
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var id = pid_t()
        let result = posix_spawnp(&id, arguments[0], &actions, nil, &words, environ)
        guard result == 0 else { throw CommandFailure(text: "\(arguments[0]): errno \(result)") }
        self.id = id
    }

    /// Ends it at once.
    func killNow() {
        kill(id, SIGKILL)
    }

    /// Waits for its end: its exit status, or 128 and the signal.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
