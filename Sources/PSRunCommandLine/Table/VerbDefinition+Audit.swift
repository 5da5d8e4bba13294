extension VerbDefinition {
    private static let auditedRun = Operand(
        placeholder: "RUN",
        isRequired: false,
        completion: .words(["last"]),
        help: """
            A run's folder, a unique part of its name, last, or last~1; or a file that psrun prove made. The last run \
            where none is named.
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
            and each run's place in the chain. Says what is wrong, where, and which entries are still good; and what \
            these files can't prove by themselves. Ends with 0 only when all is proved, with 1 when something is wrong, \
            with 6 when a run is recovered or not sealed.
            """
    ) { (draft, run) throws(UsageError) in
        var verify = draft.verify
        verify.runs = [run].compactMap(\.self) + draft.more
        guard !verify.all || verify.runs.isEmpty else {
            throw UsageError(.unexpectedArgument, "--all means every run: name none beside it.")
        }
        if verify.runs.isEmpty, !verify.all { verify.runs = ["last"] }
        return .verify(verify)
    }

    static let prove = VerbDefinition(
        verb: .prove,
        operand: recordedRun(isRequired: true),
        options: AuditOptions.prove,
        summary: "take one target's recording out, with what proves it",
        help: """
            Writes one file with one target's recording, its way up the run's Merkle tree, and the signed manifest. Of \
            the other targets it tells no name and no word, only, in the manifest, how many ended how. psrun verify, or \
            tar, sha256sum and ssh-keygen, prove it: now, and after the run was pruned.
            """
    ) { (draft, run) throws(UsageError) in
        var prove = draft.prove
        prove.run = run ?? ""
        guard !prove.host.isEmpty else { throw UsageError(.missingArgument, "--host is missing: whose recording?") }
        return .prove(prove)
    }
}
