import Glibc
import Testing

@testable import PSRPEndpoint

/// The shells of the machine that the endpoint must get on with.
enum TestedShell: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case dash, bash, busybox
    /// bash by the name `sh`: in POSIX mode, as on Red Hat's systems.
    case posixBash

    var program: ShellProgram {
        switch self {
        case .dash: ShellProgram(path: "/bin/dash", resolved: "/usr/bin/dash")
        case .bash: ShellProgram(path: "/bin/bash", resolved: "/usr/bin/bash")
        case .busybox: ShellProgram(path: "/bin/busybox", resolved: "/bin/busybox")
        case .posixBash: ShellProgram(path: "/bin/bash", resolved: "/usr/bin/bash", name: "sh")
        }
    }

    var testDescription: String { rawValue }
}

/// What came of a line.
struct LineResult: Equatable {
    var output = ""
    var errors = ""
    /// nil where the shell itself ended.
    var status: Int32?
    var end: ShellEnd?
    /// Whether the line asked for the end of a session that is kept.
    var hasLeft = false
}

/// A shell host and the poll loop that it needs.
final class ShellUnderTest {
    let host: ShellHost
    private var lastStatus: Int32 = 0
    private var isGone = false

    init(_ shell: TestedShell, folder: String = "/") throws {
        signal(SIGPIPE, SIG_IGN)
        host = try ShellHost(shell.program, folder: folder, environment: ShellProgram.environment(from: Self.variables))
    }

    deinit {
        host.end()
    }

    static var variables: [String] { ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8"] }

    /// Runs a line to its end.
    /// - Parameter during: called after each turn of the loop with what came so far.
    func run(
        _ text: String,
        input: String? = nil,
        during: (_ soFar: LineResult) throws -> Void = { _ in }
    ) throws -> LineResult {
        try #require(!isGone, "the shell has ended")
        try host.handle(.run(text, lastStatus: lastStatus, hasInput: input != nil))
        if let input {
            let waiting = WaitingInput()
            waiting.append(Array(input.utf8))
            try host.handle(.input(waiting))
            try host.handle(.endOfInput)
        }
        var result = LineResult()
        while result.status == nil && result.end == nil {
            for event in try turn() {
                switch event {
                case .output(let bytes, .output): result.output += String(decoding: bytes, as: UTF8.self)
                case .output(let bytes, .error): result.errors += String(decoding: bytes, as: UTF8.self)
                case .ended(let status): result.status = status
                case .left(let status): (result.status, result.hasLeft) = (status, true)
                case .gone(let end): (result.end, isGone) = (end, true)
                case .checked: Issue.record("nothing was to be checked")
                }
            }
            try during(result)
        }
        lastStatus = result.status ?? 0
        result.errors = cleaned(result.errors)
        return result
    }

    /// What a person would see of the shell's stderr.
    private func cleaned(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            host.script.cleaned(Array(line.utf8)).map {
                String(decoding: $0, as: UTF8.self)
            }
        }.joined(separator: "\n")
    }

    func check(_ text: String) throws -> SyntaxVerdict {
        try host.handle(.check(text))
        while true {
            for case .checked(let verdict) in try turn() { return verdict }
        }
    }

    /// One turn of the loop. A shell that says nothing for 30 seconds fails the test.
    func turn() throws -> [ShellEvent] {
        var waits = host.waits(takesOutput: true)
        let count = poll(&waits, nfds_t(waits.count), host.deadline == nil ? 30_000 : 50)
        try #require(count > 0 || host.deadline != nil, "the shell does not answer")
        return try host.advance(takesOutput: true)
    }
}
