extension RecordingBound {
    /// A row of the table, as the documentation has it.
    package struct Row: Sendable, Hashable {
        /// What is bounded.
        package let subject: String
        /// The default, with its unit.
        package let limit: String
        /// How somebody changes it; `–` where nobody can.
        package let option: String
        /// What says that it was passed: a code of an error, or of a finding of `verify`'s.
        package let code: String
    }

    package var row: Row {
        switch self {
        case .manifest: sized("`manifest.json`", "`RecordingDamaged`, `FileUnreadable`")
        case .tombstone: sized("`tombstone.json`", "`RecordingDamaged`, `FileUnreadable`")
        case .signature: sized("`manifest.json.sig`, `tombstone.json.sig`", "`RecordingDamaged`, `FileUnreadable`")
        case .proofMember: sized("each member of a proof but the entry", "`ProofInvalid`")
        case .chain: sized("`chain.log`", "`RecordingDamaged`, `RecordingWriteFailed`")
        case .chainLine: sized("a line of `chain.log`", "`ChainBroken`")
        case .chainNumber: row("a line's number in `chain.log`", "\(limit)", "`ChainBroken`")
        case .index: sized("`index.tsv`, `SHA256SUMS`, and the playbook", "`RecordingDamaged`, `ArchiveLayout`")
        case .indexDigits: row("a number in `index.tsv`", "\(limit) digits", "`RecordingDamaged`, `ArchiveLayout`")
        case .entries: row("targets of a run", "\(limit)", "`RecordingDamaged`, `ArchiveLayout`")
        case .entry: row("an entry", "\(limit) bytes", "`RecordingDamaged`, `ArchiveLayout`")
        case .entryHeader: sized("an entry's first line", "`MemberAltered`")
        case .entryLine: sized("a line of an entry, and of a file for `export --from`", "`RecordingDamaged`")
        case .entryEnd: sized("an entry's `X` event, of which `verify` counts the outcome", "`OutcomesContradict`")
        case .entryTime: row("a time in an entry", "below \(limit) s", "`RecordingDamaged`")
        case .window: sized("the window of a zstd frame", "`RecordingDamaged`, `MemberAltered`, `ArchiveLayout`")
        case .freeExpansion:
            row(
                "what an archive expands to, whatever its size",
                Self.size(limit),
                option: "sign it; `verify --allowed-signers`",
                "`RecordingDamaged`, `ArchiveLayout`"
            )
        case .timesExpansion:
            row(
                "what a larger archive expands to",
                "\(limit) times its size",
                option: "sign it; `verify --allowed-signers`",
                "`RecordingDamaged`, `ArchiveLayout`"
            )
        case .journalPayload: sized("the payload of a journal's record", "`RecordingDamaged`")
        case .journalBlock: sized("a block of a journal", "`RecordingDamaged`")
        case .depth: row("JSON in a recording", "\(limit) levels", "`RecordingDamaged`")
        case .heads: sized("a file for `verify --head-file`", "`RunNotFound`")
        case .chainWait: row("waiting for the lock of `chain.log`", Self.time(limit), "`RecordingWriteFailed`")
        case .keygenWait: row("ssh-keygen", Self.time(limit), "`SigningFailed`, `SignatureUnchecked`")
        case .logWait: row("the system's log (`--head-to-syslog`)", Self.time(limit), "`HeadNotWitnessed`")
        case .settling: row("looking again at what others change meanwhile", Self.time(limit), "the finding as it is")
        }
    }

    private func sized(_ subject: String, _ code: String) -> Row { row(subject, Self.size(limit), code) }

    private func row(_ subject: String, _ limit: String, option: String = "–", _ code: String) -> Row {
        Row(subject: subject, limit: limit, option: option, code: code)
    }

    private static func size(_ bytes: UInt64) -> String {
        bytes % (1 << 30) == 0 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }

    private static func time(_ milliseconds: UInt64) -> String { "\(milliseconds / 1_000) s" }
}
