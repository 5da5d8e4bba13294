import Connections
import Sessions

extension ConnectionPhase {
    /// The opening of the runspace pool: it begins when the connection stands, and ConnectingTimeout covers it as well.
    static let psrpOpen = ConnectionPhase(
        SessionPhase.opening,
        position: 90,
        activity: "opening the runspace pool"
    )
    /// What is asked first in an open pool, which ConnectingTimeout covers too: a pool that does not answer is of no use.
    static let firstPrompt = ConnectionPhase(
        SessionPhase.prompt,
        position: 95,
        activity: "waiting for the first prompt",
        suspicion: "the runspace pool is open, but what is asked there is not answered"
    )
}
