extension VerbDefinition {
    private static let auditedRun = Operand(
        placeholder: "RUN",
        isRequired: false,
        completion: .runs,
        help: """
            A run's folder, a unique part of its name, last, or last~1; or a file that psrun prove made. The default is \
            the last run.
            """
    )

    static let verify = VerbDefinition(
        verb: .verify,
        operand: auditedRun,
        more: auditedRun,
        options: AuditOptions.verify,
        summary: "prove that recordings are what was sealed",
        help: """
            Compares every byte of recorded runs with what was sealed: hashes, counts, index, Merkle root, signatures, \
            and each run's place in the chain. Says what is wrong and where, which entries are still good, and what \
            these files cannot prove by themselves. Exits with 0 only when all is proved, or consistent where \
            nobody signed it; with 1 when something is wrong, and with 6 when a run is recovered or not sealed.
            """
    ) { (draft, run) throws(UsageError) in
        var verify = draft.verify
        verify.runs = [run].compactMap(\.self) + draft.more
        guard !verify.all || verify.runs.isEmpty else {
            throw UsageError(.unexpectedArgument, "--all means every run: leave out the names of runs.")
        }
        if verify.runs.isEmpty, !verify.all { verify.runs = ["last"] }
        return .verify(verify)
    }

    static let prove = VerbDefinition(
        verb: .prove,
        operand: recordedRun(isRequired: true),
        options: AuditOptions.prove,
        summary: "copy one target's recording to a file that proves itself",
        help: """
            Writes one file with one target's recording, its path in the run's Merkle tree, and the signed manifest. It \
            reveals nothing about other targets except how many ended with each outcome. psrun verify proves it, and \
            so do tar, sha256sum and ssh-keygen, even after the run itself was pruned.
            """
    ) { (draft, run) throws(UsageError) in
        var prove = draft.prove
        prove.run = run ?? ""
        guard !prove.host.isEmpty else {
            throw UsageError(.missingArgument, "--host is missing: it names the target whose recording to prove.")
        }
        return .prove(prove)
    }
}
