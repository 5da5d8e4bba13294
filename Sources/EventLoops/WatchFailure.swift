import SystemErrors

/// A descriptor that a loop cannot watch: the system takes no more (ENOSPC, ENOMEM), or it is not one to wait for.
package struct WatchFailure: Error, Sendable, Hashable {
    /// The error number, as of epoll_ctl(2).
    package let code: Int32

    package var reason: String { describe(errno: code) }
}
