import Glibc
import SystemErrors
import Testing

@Suite("What is short on this computer")
struct LocalShortageTests {
    @Test(
        "A number that tells of this computer names the way out",
        arguments: [
            (EMFILE, "ulimit -n"), (ENFILE, "fs.file-max"), (ENOBUFS, "memory"), (ENOMEM, "memory"),
            (EADDRNOTAVAIL, "ip_local_port_range"), (EACCES, "firewall"), (EPERM, "firewall"),
            (EAFNOSUPPORT, "AddressFamily"), (ENOSPC, "max_user_watches"), (EAGAIN, "ulimit -u"),
        ]
    )
    func local(code: Int32, words: String) throws {
        let cure = try #require(LocalShortage(errno: code)?.cure)
        #expect(cure.contains(words) && cure.hasSuffix("."))
    }

    @Test(
        "A number that may be the far side's doing tells nothing of this computer",
        arguments: [
            ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ECONNRESET, ENOENT, 0,
        ]
    )
    func far(code: Int32) {
        #expect(LocalShortage(errno: code) == nil)
    }
}
