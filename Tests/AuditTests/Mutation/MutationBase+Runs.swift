import PSRunTestSupport
import Recording
import RecordingFormat

extension MutationBase {
    func changeRuns(_ mutation: Mutation, of image: inout StoreImage, using random: inout SplitMix64) throws {
        guard let night = nights.randomElement(using: &random), let last = nights.last else { return }
        switch mutation {
        case .swapRuns, .swapArchives:
            guard let first = whole.randomElement(using: &random), let second = whole.randomElement(using: &random)
            else { return }
            let all = ["run.tar.zst", "manifest.json", "manifest.json.sig"]
            let names = mutation == .swapArchives ? all.prefix(1) : all.prefix(Int.random(in: 2...3, using: &random))
            for name in names {
                let file = image["\(first.name)/\(name)"]
                image["\(first.name)/\(name)"] = image["\(second.name)/\(name)"]
                image["\(second.name)/\(name)"] = file
            }
        case .deleteNight, .deleteNewestNight:
            let name = mutation == .deleteNight ? night.name : last.name
            let kept = events.filter { !$0.concerns(name) }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: remove(name, from: &image)
            case 1:
                // With its lines, and the hashes of the others as they were.
                remove(name, from: &image)
                image["chain.log"] = Self.lines(of: image["chain.log"]).filter { !Self.fields($0).contains(name) }
                    .flatMap { $0 + [0x0A] }
            case 2: image = try StoreForge(signer: stranger).make(kept).image
            default: image = try StoreForge(signer: nil).make(kept).image
            }
        case .restoreOldFolder:
            image = older.randomElement(using: &random) ?? image
        case .restoreOldNight:
            let old = older.randomElement(using: &random) ?? image
            remove(night.name, from: &image)
            for (path, content) in old.files where path.hasPrefix(night.name) { image.files[path] = content }
        case .renameFolder:
            let name = Bool.random(using: &random) ? "20261121T020000Z-nightly-aaaaaa" : ".hidden"
            for (path, content) in image.files where path.hasPrefix(night.name) {
                image.files[path] = nil
                image.files[name + path.dropFirst(night.name.count)] = content
            }
        case .addNight:
            try addNight(like: night, to: &image, using: &random)
        default:
            editManifest(of: night.name, in: &image, using: &random)
        }
    }

    /// A night that never was, behind the others or beside them.
    private func addNight(like night: Night, to image: inout StoreImage, using random: inout SplitMix64) throws {
        var forged = night
        forged.manifest.run = "20261129T020000Z-nightly-bbbbbb"
        let forge = StoreForge(signer: Bool.random(using: &random) ? stranger : nil)
        guard let tail = ChainTail(image["chain.log"], isWhole: true, hash: sha256) else { return }
        let event = try forge.chained(.seal(forged), at: 99, tail, &image)
        if Bool.random(using: &random) { image["chain.log"] += tail.line(for: event).encoded + [0x0A] }
    }

    private func editManifest(of run: String, in image: inout StoreImage, using random: inout SplitMix64) {
        let path = "\(run)/manifest.json"
        guard var manifest = Manifest(image[path]) else { return }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: manifest.entries += 1
        case 1: manifest.exitCode = 7
        case 2: manifest.recovered.toggle()
        case 3: manifest.merkleRoot = hexadecimal(random.bytes(32))
        case 4: manifest.previous = nil
        case 5: manifest.retainUntilSeconds = 1_895_399_200
        case 6: manifest.outcomes = ["ok": 99]
        default:
            image[path] = image[path].dropLast(2) + Array(",\n  \"exit_code\": 0\n}\n".utf8)
            return
        }
        image[path] = manifest.encoded
    }

    func remove(_ run: String, from image: inout StoreImage) {
        for path in image.files.keys where path.hasPrefix(run + "/") { image.files[path] = nil }
    }

    static func lines(of chain: [UInt8]) -> [[UInt8]] {
        chain.split(separator: 0x0A).map(Array.init)
    }

    static func fields(_ line: [UInt8]) -> [String] {
        line.split(separator: 0x09).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension StoreEvent {
    func concerns(_ run: String) -> Bool {
        switch self {
        case .seal(let night): night.name == run
        case .access(let name), .prune(let name): name == run
        }
    }
}
