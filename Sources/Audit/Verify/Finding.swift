/// Something that `verify` has to say about a recording.
package struct Finding: Sendable, Hashable {
    /// What a finding means for the verdict.
    package enum Level: String, Sendable, Hashable {
        /// It is not what was sealed, or cannot be proved to be.
        case problem
        /// It is what was sealed, and that was not whole.
        case incomplete
        /// What these files cannot prove by themselves.
        case note
    }

    package let code: Code
    package let level: Level
    /// The run's folder; nil for what concerns the whole recordings folder.
    package let run: String?
    /// The file, or the archive's member.
    package let member: String?
    /// What is wrong, and where.
    package let message: String

    package init(_ code: Code, _ level: Level = .problem, run: String? = nil, member: String? = nil, _ message: String)
    {
        self.code = code
        self.level = level
        self.run = run
        self.member = member
        self.message = message
    }
}

extension Finding {
    /// Names that do not change between releases.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        // Of a run's files
        case fileMissing = "FileMissing"
        case fileUnreadable = "FileUnreadable"
        case fileUnknown = "FileUnknown"
        case manifestInvalid = "ManifestInvalid"
        case archiveAltered = "ArchiveAltered"
        case archiveLayout = "ArchiveLayout"
        case indexAltered = "IndexAltered"
        case sumsAltered = "SumsAltered"
        case memberAltered = "MemberAltered"
        case merkleRoot = "MerkleRoot"
        case outcomesContradict = "OutcomesContradict"
        case tombstoneInvalid = "TombstoneInvalid"
        case proofInvalid = "ProofInvalid"
        // Of signatures
        case unsigned = "Unsigned"
        case signatureInvalid = "SignatureInvalid"
        case signerUnknown = "SignerUnknown"
        /// ssh-keygen could not be asked.
        case signatureUnchecked = "SignatureUnchecked"
        // Of the chain
        case chainMissing = "ChainMissing"
        case chainBroken = "ChainBroken"
        case chainCut = "ChainCut"
        case chainLink = "ChainLink"
        /// The run that a run says it continues.
        case continuedLink = "ContinuedLink"
        case runMissing = "RunMissing"
        case runOutsideChain = "RunOutsideChain"
        case headUnknown = "HeadUnknown"
        case headNotGiven = "HeadNotGiven"
        case linesAfterHead = "LinesAfterHead"
        /// Lines on readings of runs that the chain does not seal.
        case accessUnknown = "AccessUnknown"
        // Of runs that are not whole
        case runUnsealed = "RunUnsealed"
        case runRecovered = "RunRecovered"
    }
}
