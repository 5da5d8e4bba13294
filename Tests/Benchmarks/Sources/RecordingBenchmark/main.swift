import Files
import Glibc
import Recording
import RecordingFormat

/// A seeded generator: the same run every time.
struct Xorshift {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % bound
    }
}

/// The nightly check of one of many machines that are nearly the same: numbers and times are its own. 185 lines are 20 KB.
struct Night: Sequence, IteratorProtocol {
    private static let services = [
        "sshd", "cron", "rsyslog", "systemd-journald", "nginx", "postgresql", "chrony", "postfix",
    ]
    private let target: String
    private let lines: Int
    private let spacing: UInt64
    private var random: Xorshift
    private var line = 0
    private var time: UInt64 = 0

    init(of target: String, lines: Int, seed: UInt64, spacing: UInt64) {
        self.target = target
        self.spacing = spacing
        self.lines = lines
        random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x5EED)
    }

    mutating func next() -> RecordedEvent? {
        guard line < lines else { return nil }
        defer { line += 1 }
        time += spacing * (800_000 + random.below(400_000))
        let service = Self.services[line % Self.services.count]
        let pages = 102_400 + random.below(4_096) * 4
        let text =
            switch line % 8 {
            case 0: "[\(target)]: PS /root> Get-Service \(service) | Format-List Name, Status, StartType, DisplayName"
            case 1: "Name        : \(service)\r\nStatus      : Running\r\nStartType   : Automatic\r\nRequired    :"
            case 2: "/dev/sda1    103081248   \(41_000_000 + random.below(2_000_000))   56822836  42% /"
            case 3: "   \(line * 37) root      20   0  \(pages) S   0.0   0.1   0:00.31 \(service)"
            default: "ok      \(service) answered at unit \(line), configuration as of the last change, nothing to do"
            }
        return RecordedEvent(time: time, code: .output, data: text + "\r\n")
    }
}

/// Seconds of CPU that this process has taken.
func processSeconds() -> Double {
    Double(clock()) / Double(CLOCKS_PER_SEC)
}

func seconds(since start: UInt64) -> Double {
    Double(monotonicNanoseconds() - start) / 1e9
}

let folder = CommandLine.arguments[1]
let count = Int(CommandLine.arguments[2]) ?? 10_000
let lines = Int(CommandLine.arguments[3]) ?? 185
/// Which night it is, from 0: another one has other numbers and times.
let night = CommandLine.arguments.count > 4 ? Int(CommandLine.arguments[4]) ?? 0 : 0
/// Milliseconds from line to line.
let spacing = CommandLine.arguments.count > 5 ? UInt64(CommandLine.arguments[5]) ?? 1 : 1
/// What the numbers are drawn from, beside the night and the target.
let seed = getenv("SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
/// A target's seed: its own in each night. That of SEED=1 in night 0 is the target's number.
func seed(of entry: Int) -> UInt64 {
    (seed &- 1) &* 0xD1B5_4A32_D192_ED03 &+ UInt64(night * count + entry)
}
let started = 1_795_312_800 + Int64(night) * 86_400
let targets = (0..<count).map { "root@web\($0).example.org:22" }
let description = RunDescription(
    playbookName: "nightly.ps1",
    playbookBytes: Array("Get-Service\n".utf8),
    startedSeconds: started,
    psrunVersion: "0",
    targets: targets
)
var made = 0
for (entry, target) in targets.enumerated() {
    for event in Night(of: target, lines: lines, seed: seed(of: entry), spacing: spacing) {
        made += event.data.utf8.count
    }
}
let generating = processSeconds()

let began = monotonicNanoseconds()
let recorder = try await RunRecorder.create(in: folder, run: description, suffix: "5eed00")
for (entry, target) in targets.enumerated() {
    recorder.begin(
        entry,
        EntryHeader(target: target, columns: 120, rows: 30, startedSeconds: started, title: "nightly.ps1")
    )
    for event in Night(of: target, lines: lines, seed: seed(of: entry), spacing: spacing) {
        recorder.record(event, in: entry)
        await recorder.waitForRoom()
    }
    recorder.record(RecordedEvent(time: 1 << 30, code: .exit, data: "{\"outcome\":\"ok\"}"), in: entry)
    if entry % 32 == 31 { try await recorder.commit() }
    recorder.finish(entry)
}
let recording = seconds(since: began)
let sealed = try await recorder.seal(exitCode: 0)
let total = seconds(since: began)
let working = processSeconds() - 2 * generating

let opened = monotonicNanoseconds()
let archive = try SealedRecording(folder: sealed.folder)
let opening = seconds(since: opened)
precondition(archive.entries.count == count, "\(archive.entries.count) entries are sealed, not \(count)")
let entry = archive.entries[archive.entries.count * 2 / 3]
let fetched = monotonicNanoseconds()
try archive.check(entry)
let fetching = seconds(since: fetched)

var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
let raw = archive.entries.reduce(0) { $0 + $1.length }
print(
    "SEED=\(seed): \(count) targets, \(raw / 1_000_000) MB of entries (\(made / 1_000_000) MB of text):",
    "\(archive.manifest.archiveBytes) bytes sealed;",
    "recorded in \(recording) s, sealed \(total - recording) s later; \(working) s of CPU in all;",
    "opened in \(opening * 1_000) ms, one entry fetched and checked in \(fetching * 1_000) ms;",
    "\(usage.ru_maxrss / 1_024) MB of memory at most"
)
