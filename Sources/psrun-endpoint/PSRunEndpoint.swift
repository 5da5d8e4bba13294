import EndpointCryptography
import Glibc
import PSRPEndpoint
import PSRunVersion
import Processes

/// The endpoint alone, for hosts that others only enter.
@main
struct PSRunEndpoint {
    static func main() {
        ThisProcess.keepLittleMemory()
        ThisProcess.holdStandardDescriptors()
        ThisProcess.keepChildrensEnds()
        ProcessSecrecy.begin()
        _exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        switch EndpointArguments.read(arguments, version: Version.current) {
        case .serve(var options):
            // It starts in half a millisecond, and takes little memory as a guard.
            options.guardProgram = "/proc/self/exe"
            return runEndpoint(options, cryptography: NettleSessionKeyCryptography())
        case .help: return say(help)
        case .version: return say("psrun-endpoint \(Version.current)\n")
        case .wrong(let message):
            _ = ThisProcess.write("psrun-endpoint: \(message)\n", to: STDERR_FILENO)
            return 2
        }
    }

    private static func say(_ text: String) -> Int32 {
        ThisProcess.write(text, to: STDOUT_FILENO) ? 0 : 1
    }

    private static let help = """
        Usage: psrun-endpoint [OPTION]...

        Serves PSRP on standard input and output with a POSIX shell behind it: the
        powershell subsystem for a host without PowerShell.

        Options:
          --shell SHELL
              The POSIX shell (default /bin/sh).
          --working-directory FOLDER
              Begin the session in FOLDER (default: the user's home folder).
          --channel
              Serve sessions one after the other on the channel org.psrun.0 of this
              virtual machine, in place of one on standard input and output.
          --channel-path PORT
              The same on another port, such as /dev/virtio-ports/org.example.0.
          -h, --help
              Explain psrun-endpoint.
          --version
              Print psrun-endpoint's version.

        Examples:
          Subsystem powershell /usr/bin/psrun-endpoint
              Lets others enter this host; add the line to /etc/ssh/sshd_config and
              reload sshd.
          restrict,command="/usr/bin/psrun-endpoint" ssh-ed25519 AAAA...
              Lets one key enter as you, from your own ~/.ssh/authorized_keys.
          Subsystem powershell /usr/bin/psrun-endpoint --shell /bin/bash
              The same as the first, with bash.
          psrun-endpoint --channel
              Lets the host of this virtual machine enter it without a network.

        """
}
