/// `psrun verify [RUN…]`: whether recordings are what was sealed.
package struct VerifyInvocation: Sendable, Hashable {
    /// Runs, as every verb takes them, or files that `prove` made; empty with `all`.
    package var runs: [String] = []
    /// All runs of the recordings folder.
    package var all = false
    package var format = ListInvocation.Format.text
    /// Whether what nobody signed whose signature counts is a problem.
    package var requireSignature = false
    /// Whose signatures count, as ssh-keygen(1) describes it; nil takes `psrun/allowed_signers` of the configuration folder.
    package var allowedSigners: String?
    /// The one principal of that file that counts.
    package var signer: String?
    /// Heads of the chain that were kept elsewhere.
    package var heads: [String] = []
    /// A file with such heads.
    package var headFile: String?
    /// Print a script for sh that proves the same, and prove nothing.
    package var script = false
    package var recordings: String?

    package init() {}
}

/// `psrun prove RUN --host H --output F`: one target's recording with what proves it.
package struct ProveInvocation: Sendable, Hashable {
    package var run: String
    package var host = ""
    package var output = ""
    package var keepsAccessLog = true
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}
