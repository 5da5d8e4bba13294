import Glibc

struct CommandFailure: Error {
    let text: String
}

/// A program that has ended.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// Runs a program with nothing to read and collects what it prints.
    static func run(_ arguments: String..., in folder: String? = nil) throws -> Command {
        let script = "cd \"$0\" && exec \"$@\""
        return try collect(["/bin/sh", "-c", script, folder ?? "/"] + arguments)
    }

    /// Runs a line of sh in a folder.
    static func shell(_ line: String, in folder: String) throws -> Command {
        try collect(["/bin/sh", "-c", "cd \"$0\" && { \(line)\n}", folder])
    }

    private static func collect(_ arguments: [String]) throws -> Command {
        let output = try Capture()
        let errors = try Capture()
        let process = try ChildProcess(arguments, output: output.descriptor, errors: errors.descriptor)
        let status = process.wait()
        return Command(status: status, output: output.text, errors: errors.text)
    }
}

/// What a program wrote, in a file without a name.
private struct Capture {
    let descriptor: Int32

    init() throws {
        guard let file = tmpfile() else { throw CommandFailure(text: "tmpfile: errno \(errno)") }
        descriptor = dup(fileno(file))
        fclose(file)
    }

    var text: String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        lseek(descriptor, 0, SEEK_SET)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        close(descriptor)
        return String(decoding: bytes, as: UTF8.self)
    }
}
