import PSRunTestSupport
import RecordingFormat

/// What somebody does to a recordings folder who wants it to tell something else, or what a disk does to it.
enum Mutation: String, CaseIterable, Sendable {
    // Bytes of any file
    case flipBit, insertBytes, deleteBytes, overwriteBytes, cutFile, linkInstead, pipeInstead
    // Archives
    case cutAtFrameEdge, dropFrame, dropMember, renameEntry, editEntry, editIndex, appendFrame, appendSkippable,
        smuggleTar
    // Runs
    case swapRuns, swapArchives, deleteNight, deleteNewestNight, restoreOldFolder, restoreOldNight, renameFolder,
        addNight
    case editManifest
    // Signatures
    case swapSignatures, dropSignatures, resealByStranger, resealUnsigned
    // The chain
    case dropLine, moveLine, insertLine, cutChain, rechain
    // What was pruned
    case editTombstone, dropTombstone, pruneByStranger, prunedArchiveBack
}

/// A folder of signed runs, and all that it takes to forge another.
struct MutationBase: Sendable {
    let events: [StoreEvent]
    let image: StoreImage
    let head: String
    /// The folder after each of the events.
    let older: [StoreImage]
    let archives: [String: ArchiveForge]
    let owner: Signer
    let stranger: Signer

    init(_ events: [StoreEvent], archives: [String: ArchiveForge], owner: Signer, stranger: Signer) throws {
        self.events = events
        self.archives = archives
        self.owner = owner
        self.stranger = stranger
        let forge = StoreForge(signer: owner)
        (image, head) = try forge.make(events)
        older = try events.indices.map { try forge.make(Array(events.prefix($0))).image }
    }

    var nights: [Night] {
        events.compactMap { if case .seal(let night) = $0 { night } else { nil } }
    }

    var pruned: [String] {
        events.compactMap { if case .prune(let run) = $0 { run } else { nil } }
    }

    /// Those whose archives are there.
    var whole: [Night] { nights.filter { !pruned.contains($0.name) } }

    /// A folder that differs from the base's.
    func mutated(by mutation: Mutation, using random: inout SplitMix64) throws -> StoreImage {
        while true {
            var image = image
            try apply(mutation, to: &image, using: &random)
            if image != self.image { return image }
        }
    }

    private func apply(_ mutation: Mutation, to image: inout StoreImage, using random: inout SplitMix64) throws {
        switch mutation {
        case .flipBit, .insertBytes, .deleteBytes, .overwriteBytes, .cutFile, .linkInstead, .pipeInstead:
            changeBytes(mutation, of: &image, using: &random)
        case .cutAtFrameEdge, .dropFrame, .dropMember, .renameEntry, .editEntry, .editIndex, .appendFrame,
            .appendSkippable, .smuggleTar:
            try changeArchive(mutation, of: &image, using: &random)
        case .swapRuns, .swapArchives, .deleteNight, .deleteNewestNight, .restoreOldFolder, .restoreOldNight,
            .renameFolder, .addNight, .editManifest:
            try changeRuns(mutation, of: &image, using: &random)
        case .swapSignatures, .dropSignatures, .resealByStranger, .resealUnsigned:
            try changeSignatures(mutation, of: &image, using: &random)
        case .dropLine, .moveLine, .insertLine, .cutChain, .rechain:
            changeChain(mutation, of: &image, using: &random)
        case .editTombstone, .dropTombstone, .pruneByStranger, .prunedArchiveBack:
            try changePruned(mutation, of: &image, using: &random)
        }
    }

    /// How far somebody goes to make a changed run fit.
    enum Reach: CaseIterable {
        /// The archive alone.
        case archive
        /// The manifest fits it, under the old signature.
        case manifest
        /// So does a new signature, or there is none.
        case signature
        /// So does the chain, with every later run sealed anew.
        case chain
    }

    /// The folder with a run in place of the one of that name.
    func replacing(_ night: Night, in image: inout StoreImage, using random: inout SplitMix64) throws {
        let signer = Bool.random(using: &random) ? stranger : nil
        let reach = Reach.allCases.randomElement(using: &random) ?? .archive
        guard reach != .chain else {
            let events = events.map { event in
                if case .seal(let old) = event, old.name == night.name { StoreEvent.seal(night) } else { event }
            }
            image = try StoreForge(signer: signer).make(events).image
            return
        }
        image["\(night.name)/run.tar.zst"] = night.archive
        guard reach != .archive else { return }
        // It takes the place of the other in the chain.
        var manifest = night.manifest
        let old = Manifest(image["\(night.name)/manifest.json"])
        manifest.previous = old?.previous
        manifest.chainHead = old?.chainHead ?? ""
        image["\(night.name)/manifest.json"] = manifest.encoded
        guard reach == .signature else { return }
        image.files["\(night.name)/manifest.json.sig"] = try signer.map { .bytes(try $0.sign(manifest.encoded)) }
    }
}
