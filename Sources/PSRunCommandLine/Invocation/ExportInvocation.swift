/// `psrun export RUN`: a recorded run in another form.
package struct ExportInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case cast2, cast3, transcript, jsonl, junit, markdown, html
    }

    package enum Source: Sendable, Hashable {
        /// A run's folder, a unique part of its name, `last`, or `last~1`.
        case run(String)
        /// A file: JSON lines that `export` wrote, or one asciicast of version 2.
        case file(String)
    }

    package var source: Source
    package var format: Format
    /// A target's host part or the whole target; nil exports every target.
    package var host: String?
    /// Written atomically; a folder for several asciicasts; nil is standard output.
    package var output: String?
    /// Of a page: the runs of the same playbook that began since then are in it; nil for none.
    package var since: PastMoment?
    /// Leave no line in the recordings' access log.
    package var keepsAccessLog = true
    package var recordings: String?

    package init(source: Source, format: Format) {
        self.source = source
        self.format = format
    }
}

/// What the rows of the table write into while `export`'s command line is read.
struct ExportDraft {
    var file: String?
    var format: ExportInvocation.Format?
    var host: String?
    var output: String?
    var since: PastMoment?
    var keepsAccessLog = true
    var recordings: String?

    /// - Parameter run: the operand.
    /// - Throws: no format, or not exactly one source.
    func complete(run: String?) throws(UsageError) -> ExportInvocation {
        let source: ExportInvocation.Source
        switch (run, file) {
        case (let run?, nil): source = .run(run)
        case (nil, let file?): source = .file(file)
        case (nil, nil):
            throw UsageError(.missingArgument, "export needs a RUN, or --from FILE.")
        case (.some, .some):
            throw UsageError(.invalidArgument, "export takes a RUN or --from FILE, not both.")
        }
        guard let format else {
            let formats = ExportInvocation.Format.allCases.map(\.rawValue)
            throw UsageError(.missingArgument, "export needs --as FORMAT: \(listed(formats)).")
        }
        if since != nil {
            guard format == .html else {
                throw UsageError(.invalidArgument, "--since is for --as html: the page then has the nights since.")
            }
            guard case .run = source else {
                throw UsageError(.invalidArgument, "--since needs a RUN: --from FILE has one run only.")
            }
        }
        var invocation = ExportInvocation(source: source, format: format)
        invocation.host = host
        invocation.output = output
        invocation.since = since
        invocation.keepsAccessLog = keepsAccessLog
        invocation.recordings = recordings
        return invocation
    }
}
