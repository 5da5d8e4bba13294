import Audit
import PSRunTestSupport
import Recording
import RecordingFormat
import Synchronization
import Testing

/// A sealed run before it has its place in a chain.
struct Night: Sendable {
    var manifest: Manifest
    var archive: [UInt8]

    var name: String { manifest.run }
}

/// What happens in a recordings folder.
enum StoreEvent: Sendable {
    case seal(Night)
    case access(String)
    case prune(String)
}

/// Makes recordings folders, as psrun does, and as somebody does who wants to pass for it.
struct StoreForge: Sendable {
    /// nil signs nothing.
    var signer: Signer?
    /// Whether a prune takes the archive away.
    var removesPruned = true

    /// The folder after these events, and its head.
    func make(_ events: [StoreEvent]) throws -> (image: StoreImage, head: String) {
        var image = StoreImage()
        var tail = try #require(ChainTail([], isWhole: true, hash: sha256))
        var log: [UInt8] = []
        for (place, event) in events.enumerated() {
            let line = tail.line(for: try chained(event, at: Int64(place), tail, &image))
            tail.append(line, hash: sha256)
            log += line.encoded + [0x0A]
        }
        image["chain.log"] = log
        return (image, tail.head)
    }

    /// Puts an event's files into the image.
    /// - Returns: what the chain has to tell of it.
    func chained(_ event: StoreEvent, at place: Int64, _ tail: ChainTail, _ image: inout StoreImage) throws
        -> ChainEvent
    {
        let seconds = 1_795_320_000 + 60 * place
        func line(_ kind: ChainKind, _ run: String, _ value: [UInt8], _ what: String) -> ChainEvent {
            ChainEvent(
                seconds: seconds,
                kind: kind,
                run: run,
                value: hexadecimal(sha256(value)),
                who: "op(1000)",
                what: what
            )
        }
        switch event {
        case .seal(let night):
            var manifest = night.manifest
            manifest.previous = tail.lastRun
            manifest.chainHead = tail.head
            image["\(night.name)/run.tar.zst"] = night.archive
            try put(manifest.encoded, to: "\(night.name)/manifest.json", &image)
            return line(.run, night.name, manifest.encoded, "seal")
        case .access(let run):
            return line(.access, run, image["\(run)/manifest.json"], "replay --host web02")
        case .prune(let run):
            let stone = Tombstone(
                run: run,
                manifestHash: hexadecimal(sha256(image["\(run)/manifest.json"])),
                prunedSeconds: seconds,
                by: "op(1000)",
                reason: "--keep 90d",
                chainHead: tail.head
            )
            if removesPruned { image.files["\(run)/run.tar.zst"] = nil }
            try put(stone.encoded, to: "\(run)/tombstone.json", &image)
            return line(.prune, run, stone.encoded, "prune --keep 90d")
        }
    }

    private func put(_ bytes: [UInt8], to path: String, _ image: inout StoreImage) throws {
        image[path] = bytes
        image.files[path + ".sig"] = try signer.map { .bytes(try $0.sign(bytes)) }
    }
}

/// A key that signs the same bytes once.
final class Signer: Sendable {
    private let keys: SigningKeys
    private let made = Mutex<[[UInt8]: [UInt8]]>([:])

    init(_ keys: SigningKeys) {
        self.keys = keys
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        if let signature = made.withLock({ $0[bytes] }) { return signature }
        let signature = try SSHSigningKey(file: keys.privateKey, environment: keys.environment).sign(bytes)
        made.withLock { $0[bytes] = signature }
        return signature
    }
}
