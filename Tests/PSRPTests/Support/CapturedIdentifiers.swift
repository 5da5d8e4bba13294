import CLIXML
import PSRP
import PSRunTestSupport

/// The identifiers that a captured client used, in its order, so that its server's answers fit; then new ones.
struct CapturedIdentifiers: IdentifierSource {
    private var captured: ArraySlice<PSGuid>
    private var others = CountingIdentifiers()

    init(_ captured: [PSGuid]) {
        self.captured = captured[...]
    }

    mutating func nextIdentifier() -> PSGuid {
        captured.popFirst() ?? others.nextIdentifier()
    }
}
