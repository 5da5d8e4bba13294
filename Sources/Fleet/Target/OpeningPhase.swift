import Connections
import Sessions

extension ConnectionPhase {
    /// The opening of the runspace pool: it begins when the connection stands, and ConnectingTimeout covers it as well.
    static let psrpOpen = ConnectionPhase(
        SessionPhase.opening,
        position: 90,
        activity: "opening the runspace pool"
    )
}
