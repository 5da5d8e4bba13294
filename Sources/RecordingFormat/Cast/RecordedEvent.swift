/// What kind of thing a recorded event is: asciicast v2's own codes, and psrun's private upper-case ones, which stock
/// players pass over.
package enum RecordedCode: UInt8, Sendable, Hashable, CaseIterable {
    /// `o`: what a console shows, all streams rendered.
    case output = 0x6F
    /// `i`: the text of a step, as it was sent.
    case input = 0x69
    /// `m`: a step begins.
    case marker = 0x6D
    /// `E`: an error record or error line.
    case error = 0x45
    /// `W`: a warning.
    case warning = 0x57
    /// `V`: a verbose record.
    case verbose = 0x56
    /// `D`: a debug record.
    case debug = 0x44
    /// `N`: an information record.
    case information = 0x4E
    /// `G`: progress.
    case progress = 0x47
    /// `P`: an object of the output stream, as JSON in a string.
    case object = 0x50
    /// `S`: a step ended: its result, as JSON in a string.
    case step = 0x53
    /// `C`: the connection: a phase's duration, noise, a diagnostic line.
    case connection = 0x43
    /// `X`: the session ended: the target's result, as JSON in a string.
    case exit = 0x58
    /// `H`: SHA-256, in hexadecimal, of all bytes of the entry before this line.
    case hash = 0x48
}

/// One event of one entry.
package struct RecordedEvent: Sendable, Hashable {
    /// Nanoseconds since the entry's own beginning.
    package var time: UInt64
    package var code: RecordedCode
    package var data: String

    package init(time: UInt64, code: RecordedCode, data: String) {
        self.time = time
        self.code = code
        self.data = data
    }
}

/// What an entry (one target's recording) says of itself before its events.
package struct EntryHeader: Sendable, Hashable {
    package var target: String
    package var columns: Int
    package var rows: Int
    /// Seconds since 1970, UTC.
    package var startedSeconds: Int64
    package var title: String
    /// The target's place in the selection that the run had a part of, from 0; nil where it had all of it.
    package var position: Int?

    package init(
        target: String,
        columns: Int,
        rows: Int,
        startedSeconds: Int64,
        title: String,
        position: Int? = nil
    ) {
        self.target = target
        self.columns = columns
        self.rows = rows
        self.startedSeconds = startedSeconds
        self.title = title
        self.position = position
    }
}

/// What a run says of itself.
package struct RunDescription: Sendable, Hashable {
    /// The playbook's file name, without folder.
    package var playbookName: String
    package var playbookBytes: [UInt8]
    /// Seconds since 1970, UTC.
    package var startedSeconds: Int64
    package var psrunVersion: String
    /// The targets, in the order given; entries are numbered as they stand here.
    package var targets: [String]
    /// Seconds since 1970, UTC, before which the recording must not be pruned; nil where nobody asked for that.
    package var retainUntilSeconds: Int64?
    /// nil for a run of the whole selection.
    package var shard: RecordedShard?
    /// Of a shard: where each of its targets stands in the selection, from 0, in their order.
    package var positions: [Int]
    /// nil where they were not kept: by psrun 0.1.0, and where they are too long.
    package var options: RecordedOptions?
    /// By the targets' places in their order: of those whose names do not tell how they are reached.
    package var places: [Int: RecordedPlace]
    /// nil for a run that continues none.
    package var continued: ContinuedRun?

    package init(
        playbookName: String,
        playbookBytes: [UInt8],
        startedSeconds: Int64,
        psrunVersion: String,
        targets: [String],
        retainUntilSeconds: Int64? = nil,
        shard: RecordedShard? = nil,
        positions: [Int] = [],
        options: RecordedOptions? = nil,
        places: [Int: RecordedPlace] = [:],
        continued: ContinuedRun? = nil
    ) {
        self.playbookName = playbookName
        self.playbookBytes = playbookBytes
        self.startedSeconds = startedSeconds
        self.psrunVersion = psrunVersion
        self.targets = targets
        self.retainUntilSeconds = retainUntilSeconds
        self.shard = shard
        self.positions = positions
        self.options = options
        self.places = places
        self.continued = continued
    }
}

extension RunDescription {
    /// Where the session of an entry's target begins in the playbook.
    package func start(ofEntry entry: Int) -> TargetStart {
        guard let starts = continued?.starts, starts.indices.contains(entry) else { return .beginning }
        return starts[entry]
    }
}

extension RunDescription {
    /// Where an entry's target stands in the selection; nil where the run is not a shard.
    package func position(ofEntry entry: Int) -> Int? { positions.indices.contains(entry) ? positions[entry] : nil }
}
