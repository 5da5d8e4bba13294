import Files
import Glibc
import Processes
import SystemErrors

/// This machine's files and programs.
package struct LocalInventorySystem: InventorySystem {
    /// How long one call of an inventory program may take.
    private let patience: Duration
    /// When the last of them ends: a program without `_meta` is called for each host.
    private let end: ContinuousClock.Instant
    private static let saidBytes = 2048
    private static let shownCharacters = 200
    private static let poll: Int32 = 100

    /// - Parameters:
    ///   - programPatience: for one call of an inventory program.
    ///   - allPatience: for all of them, from now on.
    package init(programPatience: Duration = .seconds(120), allPatience: Duration = .seconds(600)) {
        patience = programPatience
        end = .now + allPatience
    }

    package func kind(of path: String) -> InventoryPathKind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder }
        return .file(isExecutable: status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0)
    }

    package func names(in folder: String) throws(InventorySystemFailure) -> [String] {
        do throws(SystemError) {
            return try FilePaths.names(in: folder)
        } catch {
            throw InventorySystemFailure(describe(errno: error.code))
        }
    }

    package func danger(of folder: String) -> String? { FileDanger.ofFolder(folder) }

    package func read(_ path: String, limit: Int) throws(InventorySystemFailure) -> [UInt8] {
        do throws(FileFailure) {
            return try FileContents.read(path, limit: limit)
        } catch {
            throw InventorySystemFailure(error.reason)
        }
    }

    package func run(
        _ program: String,
        _ arguments: [String],
        limit: Int
    ) throws(InventorySystemFailure) -> InventoryProgramEnd {
        try run(program, arguments, limit: limit, name: nil)
    }

    /// The program reads nothing, and is ended with all that it started when it takes too long or says too much.
    /// - Parameter name: as a user knows it; nil for its path.
    package func run(
        _ program: String,
        _ arguments: [String],
        limit: Int,
        name: String?
    ) throws(InventorySystemFailure) -> InventoryProgramEnd {
        if let danger = FileDanger.ofFile(program) { throw InventorySystemFailure(danger) }
        do {
            let (output, outputEnd) = try FileDescriptor.makePipe()
            let (errors, errorsEnd) = try FileDescriptor.makePipe()
            let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard nothing >= 0 else { throw InventorySystemFailure(describe(errno: errno)) }
            let child = try ChildProcess(
                ChildProcessPlan(
                    // A name without a slash would be looked for on PATH.
                    executable: program.contains("/") ? program : "./" + program,
                    arguments: arguments
                ),
                standardInput: FileDescriptor(owning: nothing),
                standardOutput: outputEnd,
                standardError: errorsEnd
            )
            return try WaitedFor.note(name ?? program) { () throws(InventorySystemFailure) in
                try wait(for: child, output, errors, limit: limit)
            }
        } catch let failure as ChildFailure {
            throw InventorySystemFailure(failure.reason)
        } catch let failure as NoDescriptor {
            throw InventorySystemFailure(failure.reason)
        } catch let failure as InventorySystemFailure {
            throw failure
        } catch {
            throw InventorySystemFailure("\(error)")
        }
    }

    private func wait(
        for child: ChildProcess,
        _ output: FileDescriptor,
        _ errors: FileDescriptor,
        limit: Int
    ) throws(InventorySystemFailure) -> InventoryProgramEnd {
        output.setNonBlocking()
        errors.setNonBlocking()
        let began = ContinuousClock.now
        let deadline = min(began + patience, end)
        var printed: [UInt8] = []
        var said: [UInt8] = []
        var isOutputOpen = true
        var isErrorOpen = true
        while true {
            var requests = [child.ending.raw, isOutputOpen ? output.raw : -1, isErrorOpen ? errors.raw : -1].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard Glibc.poll(&requests, nfds_t(requests.count), Self.poll) >= 0 || errno == EINTR else {
                throw InventorySystemFailure(describe(errno: errno))
            }
            if isOutputOpen { isOutputOpen = Self.drain(output, into: &printed, limit: limit) }
            if isErrorOpen { isErrorOpen = Self.drain(errors, into: &said, limit: .max) }
            if said.count > Self.saidBytes { said.removeSubrange(Self.saidBytes...) }
            guard printed.count <= limit else {
                _ = child.endNow(.immediate)
                throw InventorySystemFailure("it printed more than \(limit >> 20) MiB")
            }
            guard requests[0].revents == 0 else { break }
            guard ContinuousClock.now < deadline else {
                _ = child.endNow(.prompt)
                let seconds = (ContinuousClock.now - began).components.seconds
                return .failed(
                    deadline < end
                        ? "did not end within \(seconds) s and was ended"
                        : "and those before it did not end in the time they have together, and it was ended",
                    said: Self.line(said)
                )
            }
        }
        // What it wrote last may have come between the look and its end.
        _ = Self.drain(output, into: &printed, limit: limit)
        _ = Self.drain(errors, into: &said, limit: Self.saidBytes)
        guard printed.count <= limit else { throw InventorySystemFailure("it printed more than \(limit >> 20) MiB") }
        return Self.end(child.reap(), printed, said)
    }

    private static func end(_ end: ProcessEnd?, _ printed: [UInt8], _ said: [UInt8]) -> InventoryProgramEnd {
        switch end {
        case .exited(0): return .printed(printed)
        case .exited(let code): return .failed("ended with exit code \(code)", said: line(said))
        case .killed(let signal): return .failed("was ended by signal \(signal)", said: line(said))
        case nil: return .failed("ended, and how is not known", said: line(said))
        }
    }

    /// The first line of what it said, and of Python's account of an exception the last one.
    private static func line(_ said: [UInt8]) -> String {
        let lines = said.split(separator: 0x0A).map { PythonText.strip(String(decoding: $0, as: UTF8.self)) }
            .filter { !$0.isEmpty }
        guard let first = lines.first else { return "" }
        let text = first.hasPrefix("Traceback (most recent call last)") ? lines.last ?? first : first
        let escaped = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control
                ? "\\x" + String(scalar.value + 0x100, radix: 16).suffix(2) : String(scalar)
        }.joined()
        let shown = SecretWords.masked(escaped)
        return shown.count > shownCharacters ? shown.prefix(shownCharacters) + "…" : shown
    }

    /// - Returns: false at the end.
    private static func drain(_ descriptor: FileDescriptor, into bytes: inout [UInt8], limit: Int) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while bytes.count <= limit, taken < 1 << 24 {
            let count = Glibc.read(descriptor.raw, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 && errno == EAGAIN }
            bytes += chunk[..<count]
            taken += count
        }
        return true
    }
}
