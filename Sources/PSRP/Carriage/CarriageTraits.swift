/// What a session must know of its carriage.
///
/// The other order rules hold in any carriage, and are `ClientSession`'s: they are about acknowledgements and targets,
/// which every carriage has.
package struct CarriageTraits: Sendable, Hashable {
    /// What a Command is. One choice instead of two flags: a Command that carries what creates its pipeline cannot be sent
    /// before there is one, and one that carries nothing creates nothing.
    package enum Commands: Sendable, Hashable {
        /// A bare name, which depends on nothing: it is sent ahead, so that a pipeline costs one round trip, and also for
        /// a pipeline that may never come.
        case announced
        /// The first fragment of CREATE_PIPELINE is in it: it is sent when the pipeline's turn has come, and the rest
        /// follows its acknowledgement.
        case carryFirstFragment
    }

    /// The most bytes of one fragment, its header of 21 among them, until the carriage says otherwise
    /// (`CarriageEvent.largestFragment`).
    package var largestFragment: Int
    package var commands: Commands

    package init(largestFragment: Int, commands: Commands) {
        self.largestFragment = largestFragment
        self.commands = commands
    }
}
