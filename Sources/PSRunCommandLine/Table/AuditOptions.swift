/// The rows of the verbs that prove recordings.
enum AuditOptions {
    static let verify: [CommandOption] = [
        CommandOption(long: "all", .flag, help: "Every run of the recordings folder, and its whole chain.") {
            $0.verify.all = $1
        },
        CommandOption(
            long: "require-signature",
            .flag,
            help: "Take an unsigned run for a problem, and one signed by nobody whose signature counts."
        ) { $0.verify.requireSignature = $1 },
        CommandOption(
            long: "allowed-signers",
            .file,
            help: """
                Whose signatures count, as ssh-keygen(1) describes it. Otherwise psrun/allowed_signers in \
                $XDG_CONFIG_HOME or ~/.config, where there is one.
                """
        ) { $0.verify.allowedSigners = $1 },
        CommandOption(long: "signer", .text("PRINCIPAL"), help: "Of these, only this one's signatures count.") {
            $0.verify.signer = $1
        },
        CommandOption(
            long: "head",
            .chainHead,
            isRepeatable: true,
            help: "A head of the chain that was kept elsewhere: what it vouched for must still be there."
        ) { $0.verify.heads.append($1) },
        CommandOption(
            long: "head-file",
            .file,
            help: "A file with such heads: of each line the last word that is a SHA-256."
        ) { $0.verify.headFile = $1 },
        CommandOption(
            long: "script",
            .flag,
            help: "Print a script for sh that proves the same with Debian's own tools, and prove nothing."
        ) { $0.verify.script = $1 },
        RecordingOptions.format { $0.verify.format = $1 },
        RecordingOptions.folder { $0.verify.recordings = $1 },
    ]

    static let prove: [CommandOption] = [
        RecordingOptions.host("The target") { $0.prove.host = $1 },
        CommandOption(
            long: "output",
            .file,
            help: "The file to write. Otherwise RUN-TARGET.proof.tar in this folder."
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
