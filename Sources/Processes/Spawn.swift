import CLinux
import Glibc
import SystemErrors

/// What a process leads from its beginning.
package enum ProcessLeadership: Sendable {
    /// It stays in its parent's process group.
    case nothing
    /// A process group, in its parent's session.
    case group
    /// A session, which has no terminal.
    case session

    fileprivate var flags: Int32 {
        switch self {
        case .nothing: 0
        case .group: POSIX_SPAWN_SETPGROUP
        // POSIX_SPAWN_SETSID, which the C library keeps for GNU sources.
        case .session: 0x80
        }
    }
}

/// Why a program was not started.
package struct SpawnFailure: Error, Sendable {
    /// The error number, as of posix_spawn(3).
    package let code: Int32

    package var reason: String { describe(errno: code) }
}

/// Starts a program, every signal at its default and none blocked; blocks until it runs or cannot.
///
/// - Parameters:
///   - program: its file, which is searched on PATH where it has no slash.
///   - arguments: its own name first.
///   - environment: all of it, each NAME=VALUE.
///   - descriptors: what it gets as its descriptors 0, 1 and so on; it gets no others.
/// - Returns: its process, which is the caller's to wait for.
package func spawn(
    _ program: String,
    _ arguments: [String],
    environment: [String],
    descriptors: [Int32],
    leading leadership: ProcessLeadership
) throws(SpawnFailure) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // First beyond all of them, so that none takes the number of one that is still to be moved.
    let shelf = max(descriptors.max() ?? 0, Int32(descriptors.count)) + 1
    let moves = Array(zip(descriptors, shelf...)) + zip(shelf..., 0..<Int32(descriptors.count))
    for (source, number) in moves {
        let code = posix_spawn_file_actions_adddup2(&actions, source, number)
        guard code == 0 else { throw SpawnFailure(code: code) }
    }
    _ = posix_spawn_file_actions_addclosefrom_np(&actions, Int32(descriptors.count))

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | leadership.flags
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var process: pid_t = 0
    let code = withCStrings(arguments) { arguments in
        withCStrings(environment) { posix_spawnp(&process, program, &actions, &attributes, arguments, $0) }
    }
    guard code == 0 else { throw SpawnFailure(code: code) }
    return process
}
