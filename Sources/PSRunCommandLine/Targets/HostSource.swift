/// One value of `--host`: a host, or where hosts are to be read.
package enum HostSource: Sendable, Hashable {
    case host(HostName)
    /// `--host -`: one host a line from standard input.
    case standardInput
    /// `--host @FILE`: one host a line from a file.
    case file(String)
}
