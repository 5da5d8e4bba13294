import Glibc

/// What is short, or forbidden, on this computer where a call of the system failed: no far side has a part in that.
package struct LocalShortage: Sendable, Hashable {
    /// What a user can do about it: a whole sentence.
    package let cure: String

    private init(_ cure: String) {
        self.cure = cure
    }

    /// - Parameter code: the error number, as of socket(2), connect(2), open(2), epoll_ctl(2) or posix_spawn(3).
    /// - Returns: nil where the number tells nothing of this computer.
    package init?(errno code: Int32) {
        switch code {
        case EMFILE: self = .descriptors
        case ENFILE: self.init("This computer has as many open files as it may: lower --fanout or raise fs.file-max.")
        case ENOBUFS, ENOMEM:
            self.init("This computer has no memory left for it: lower --fanout or end other programs.")
        case EADDRNOTAVAIL:
            self.init(
                "This computer has no port or address left to connect from: lower --fanout, see net.ipv4.ip_local_port_range, "
                    + "and that it has an address of that kind (`ip addr`)."
            )
        case EACCES, EPERM:
            self.init("This computer forbids it, by a firewall or another rule: ask whoever runs it.")
        case EAFNOSUPPORT: self.init("This computer has no addresses of that kind: see AddressFamily of ssh_config.")
        case ENOSPC: self.init("This computer watches as many descriptors as it may: raise fs.epoll.max_user_watches.")
        case EAGAIN: self.init("This user has as many processes as it may: raise `ulimit -u`.")
        default: return nil
        }
    }

    /// The address to connect from is none of this computer's, or of another kind than the host's.
    package static let bindAddress = LocalShortage(
        "Correct BindAddress of ssh_config or -Options: it is an address that this computer has (`ip addr`), of the host's kind."
    )

    /// The process has as many descriptors as it may.
    package static let descriptors = LocalShortage("Lower --fanout or raise `ulimit -n`.")
}
