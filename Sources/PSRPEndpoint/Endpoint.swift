import Files
import Glibc
package import PSRP
import Processes

/// Serves one session on standard input and output, until its client closes it or goes away; or sessions one after the other
/// on a virtual machine's channel, as long as that is there.
/// - Parameter cryptography: for clients of protocol 2.3 and older that send secure strings.
/// - Returns: the exit status: 0 after an orderly close, 160 (a real server's) after the end of its input or junk, 1 where
///   there is no channel, or none any more.
package func runEndpoint(_ options: EndpointOptions, cryptography: any SessionKeyCryptography) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let located = ProgramSearch.find(options.shell, in: variable("PATH") ?? "/usr/bin:/bin")
    var program = ShellProgram(path: located ?? options.shell, resolved: located.flatMap(resolve) ?? options.shell)
    program.guardProgram = options.guardProgram
    let serveOne = { [program] (descriptors: (Int32, Int32), channel: ChannelPort?) in
        serve(
            on: descriptors,
            program,
            folder: options.workingDirectory ?? variable("HOME") ?? "/",
            environment: ProcessEnvironment.lines,
            version: options.version,
            cryptography: cryptography,
            channel: channel
        )
    }
    switch options.streams {
    case .standard: return serveOne((STDIN_FILENO, STDOUT_FILENO), nil)
    case .channel(let path):
        do throws(EndpointError) {
            try serveChannel(at: path) { port in _ = serveOne((port.descriptor.raw, port.descriptor.raw), port) }
        } catch {
            _ = ThisProcess.write("\(error.message)\n", to: STDERR_FILENO)
        }
        return 1
    }
}

/// Serves one session on two descriptors, or on a channel, which both of them are then.
func serve(
    on descriptors: (incoming: Int32, outgoing: Int32),
    _ program: ShellProgram,
    folder: String,
    environment: [String],
    version: String,
    cryptography: (any SessionKeyCryptography)? = nil,
    channel: ChannelPort? = nil
) -> Int32 {
    let environment = ShellProgram.environment(from: environment)
    let shells = ShellPool(program, folder: folder, environment: environment)
    let completer = Completer(environment: environment, home: folder)
    var failure: String?
    do throws(EndpointError) {
        guard access(program.path, X_OK) == 0 else {
            throw EndpointError("The shell \(program.path) cannot be run: name another one with --shell.")
        }
        try shells.start(0)
    } catch {
        failure = error.message
    }
    var session = EndpointSession(
        facts: facts(of: program, version: version),
        clean: { [shells] in shells.cleaned($1, of: $0) },
        cryptography: cryptography,
        now: Clock.now,
        workingDirectory: { [shells] in shells.workingDirectory(of: $0) },
        complete: { completer.matches($0, in: $1) },
        makeSpool: spool
    )
    if let failure { session.shellFailed(failure) }
    let loop = EndpointLoop(
        descriptors.incoming,
        descriptors.outgoing,
        session: session,
        shells: shells,
        channel: channel
    )
    let status = loop.run()
    shells.end(patience: 0)
    return status
}

/// A file without a name for the input of one pipeline; nil where none can be made.
private func spool() -> InputSpool? {
    let folders = [variable("TMPDIR"), "/var/tmp", "/tmp"].compactMap { $0 }.filter { !$0.isEmpty }
    guard let file = try? SpoolFile(in: folders) else { return nil }
    return { bytes in
        guard let extent = try? file.append(bytes) else { return nil }
        return { () throws(EndpointError) in
            guard let bytes = try? file.read(extent), bytes.count == extent.length else {
                throw EndpointError(
                    "psrun endpoint cannot read back the pipeline's input: its temporary file is damaged."
                )
            }
            return bytes
        }
    }
}

private func facts(of program: ShellProgram, version: String) -> EndpointFacts {
    var name = utsname()
    uname(&name)
    let computer = withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let system = withUnsafeBytes(of: &name.sysname) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return EndpointFacts(
        user: variable("USER") ?? variable("LOGNAME") ?? "\(getuid())",
        computer: computer,
        processID: UInt32(getpid()),
        isPrivileged: geteuid() == 0,
        shell: program.name,
        operatingSystem: prettyName() ?? system,
        version: version
    )
}

/// os-release(5)'s PRETTY_NAME.
private func prettyName() -> String? {
    guard let file = fopen("/etc/os-release", "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
    return line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } }
}

private func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

private func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
