/// The rows of the verbs that prove recordings.
enum AuditOptions {
    static let verify: [CommandOption] = [
        CommandOption(long: "all", .flag, help: "Every run of the recordings folder, and its whole chain.") {
            $0.verify.all = $1
        },
        CommandOption(
            long: "require-signature",
            .flag,
            help: "Report every run that is not signed by an allowed signer as a problem."
        ) { $0.verify.requireSignature = $1 },
        CommandOption(
            long: "allowed-signers",
            .file,
            help: """
                The file of allowed signers; ssh-keygen(1) describes the format. The default is psrun/allowed_signers \
                in $XDG_CONFIG_HOME or ~/.config, if it exists.
                """
        ) { $0.verify.allowedSigners = $1 },
        CommandOption(long: "signer", .text("PRINCIPAL"), help: "Accept signatures of this allowed signer only.") {
            $0.verify.signer = $1
        },
        CommandOption(
            long: "head",
            .chainHead,
            isRepeatable: true,
            help: "A head of the chain that was kept elsewhere: every line up to it must still be in the chain."
        ) { $0.verify.heads.append($1) },
        CommandOption(
            long: "head-file",
            .file,
            help: "A file of such heads: the last SHA-256 on each line is one."
        ) { $0.verify.headFile = $1 },
        CommandOption(
            long: "script",
            .flag,
            help: "Print a sh script that proves the same with Debian's own tools, and check nothing now."
        ) { $0.verify.script = $1 },
        RecordingOptions.format { $0.verify.format = $1 },
        RecordingOptions.folder { $0.verify.recordings = $1 },
    ]

    static let prove: [CommandOption] = [
        RecordingOptions.host("The target") { $0.prove.host = $1 },
        CommandOption(
            long: "output",
            .file,
            help: "The file to write (default RUN-TARGET.proof.tar in the current folder)."
        ) { $0.prove.output = $1 },
        RecordingOptions.accessLog { $0.prove.keepsAccessLog = $1 },
        RecordingOptions.folder { $0.prove.recordings = $1 },
    ]
}

extension ValueType<String> {
    /// A SHA-256 in hexadecimal, of either case.
    fileprivate static let chainHead = ValueType("HASH") { (text) throws(ValueError) in
        let head = text.lowercased()
        guard head.utf8.count == 64, head.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw ValueError(why: "it takes 64 hexadecimal digits.") }
        return head
    }
}
